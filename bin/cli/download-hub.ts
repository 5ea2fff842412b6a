import { bytesOf } from '../../weights/bytes-of';
import { downloadHub, type Hub, type HubDownloadResult, hubRetry } from '../../weights/hub';
import { few, sizeText } from '../../weights/printable';
import { select } from '../../weights/selection';
import { localTarget } from '../../weights/transfer/local-folder';
import type { Context, Given } from './command';
import { hubAddress, type HubModel, hubModel, refuseForHub } from './hub-model';
import type { ExitCode } from './out';
import { shellLine } from './shell-line';
import { gotLine, progressMode, transferring } from './transfer';
import { tellWhatStays } from './what-stays';

/** Gets the model of a revision on Hugging Face: four files at a time, each compared with the hash that the Hub lists. */
export async function downloadFromHub(
  source: string,
  folder: string,
  given: Given<'replace' | 'quiet' | 'json', 'lock' | 'profile' | 'region'>,
  context: Context,
): Promise<ExitCode> {
  const mode = progressMode(given);
  const address = hubAddress(source);
  refuseForHub(source, given, ['lock', 'profile', 'region']);
  const begun = Date.now();
  return transferring(context, mode, { files: 0, bytes: 0 }, async ({ onEvent, signal }) => {
    const model = await hubModel(address, context, onEvent);
    const { repository, commit } = model;
    const listed = await hubRetry({}, onEvent)(signal, () => model.hub.files(repository, commit, signal));
    if (mode === 'people') {
      const files = listed.map(({ name, size }) => ({ name, size, etag: '' }));
      await tellWhatStays(folder, context.out, () => Promise.resolve(select(files).upload));
    }
    const hub: Hub = { ...model.hub, files: () => Promise.resolve(listed) };
    const target = localTarget(folder);
    const replace = given.has('replace');
    const result = await downloadHub({ hub, repository, commit, target, replace, onEvent, signal });
    if (result.moved.length + result.skipped.length === 0) {
      throw new Error(`${repository} has no file of a model at commit ${commit}`);
    }
    return { code: 0, lines: lines(result, model, folder, Date.now() - begun), json: json(result, model, folder) };
  });
}

function lines(result: HubDownloadResult, model: HubModel, folder: string, ms: number): string[] {
  const { bytes, leftOut } = result;
  const names = few(leftOut.map(({ name }) => name));
  return [
    gotLine(result, folder, { bytes, verified: true, ms }),
    ...(leftOut.length === 0 ? [] : [`left out, as no part of the model: ${names} (${sizeText(bytesOf(leftOut))})`]),
    `for the lock file: upload ${shellLine([folder])} … --source ${model.repository}@${model.commit}`,
  ];
}

function json({ moved, skipped, leftOut }: HubDownloadResult, { repository, commit }: HubModel, folder: string) {
  return { folder, repository, commit, moved, skipped, unproven: [], leftOut: leftOut.map(({ name }) => name) };
}
