import { inspect } from '../../weights/check/inspect';
import { type Finding, findingsText } from '../../weights/finding';
import { hubFolder } from '../../weights/hub/hub-folder';
import type { HubFile } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import { hubRetry } from '../../weights/hub/retry';
import { Unreadable } from '../../weights/model-folder';
import { printable } from '../../weights/printable';
import { planRepair } from '../../weights/repair/plan';
import { repaired } from '../../weights/repair/repaired';
import type { TextRepair } from '../../weights/repair/repair';
import type { Outside } from './outside';
import { provenTexts } from './proven-texts';
import type { Copy } from './task';
import { FEW_ATTEMPTS, impatient, type Limits } from './time-limit';

/**
 * A model has dozens of files. Step Functions ends an execution at 25,000 events: a file takes 11 of them, and 9 more
 * each time that it goes on in another invocation, so all of these may go on four times.
 */
const MAX_FILES = 500;

/** What a commit's copy consists of; decided twice, before and after the copying, from the same commit. */
export interface Prepared {
  /** As they are at the Hub. */
  readonly files: readonly HubFile[];
  /** Written here. */
  readonly repairs: readonly TextRepair[];
}

/**
 * Looks at a commit's listing, small texts and headers. A model that Bedrock would refuse, also when it is repaired, is
 * a reason not to begin.
 */
export async function prepare(
  copy: Copy,
  outside: Pick<Outside, 'hub' | 'backoff'>,
  { signal, onEvent }: Limits,
): Promise<Prepared | { readonly why: string }> {
  const { repository, commit, rules, acceptedFindings } = copy;
  const hub = impatient(outside.hub);
  const backoff = { ...FEW_ATTEMPTS, ...outside.backoff };
  const files = await hubRetry(backoff, onEvent)(signal, () => hub.files(repository, commit, signal));
  const folder = provenTexts(hubFolder(hub, repository, commit, { files, signal, onEvent, backoff }), files);
  const repairs = rules === 'none' ? [] : await planRepair(folder).catch(hubProblem);
  const { findings, selection } = await inspect(repaired(folder, repairs));
  const accepted = new Set<string>([...acceptedFindings, 'more']);
  const errors = findings.filter(({ severity, code }) => severity === 'error' && !accepted.has(code));
  if (errors.length > 0) return { why: refusal(folder.address, errors) };
  const header = repairs.find(({ kind }) => kind === 'header');
  if (header) return { why: beyondTexts(folder.address, header.file, header.what) };
  if (selection.upload.length > MAX_FILES) {
    return {
      why: `${folder.address} has ${selection.upload.length} files of a model; more than ${MAX_FILES} are not copied. Next: merge the shards.`,
    };
  }
  const texts = repairs.filter((repair) => repair.kind === 'text');
  const written = new Set(texts.map(({ file }) => file));
  const chosen = new Set(selection.upload.map(({ name }) => name));
  return {
    files: files.filter(({ name }) => chosen.has(name) && !written.has(name)),
    repairs: texts.filter(({ file }) => chosen.has(file)),
  };
}

function refusal(address: string, errors: readonly Finding[]): string {
  const codes = [...new Set(errors.map(({ code }) => `'${code}'`))].slice(0, 5).join(', ');
  return `${address} is not a model that Bedrock imports: ${findingsText(errors)}. Nothing was copied. Next: take another repository or revision, or list ${codes} in 'acceptedFindings' of the source and of the model.`;
}

function beyondTexts(address: string, file: string, what: string): string {
  return `${address} needs a repair that is not made on the way (${printable(file)}: ${what}). Nothing was copied. Next: 'bedrock-gpt-oss download' it, 'repair' and 'upload' it.`;
}

/** A file to repair that was listed and then cannot be had as it was listed. */
function hubProblem(error: unknown): never {
  if (error instanceof Unreadable) throw new HubError('changed', error.message, { cause: error });
  throw error;
}
