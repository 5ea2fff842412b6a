import { stat } from 'node:fs/promises';
import { errorCode } from '../../weights/error-code';
import { hubFolder, isHubAddress } from '../../weights/hub';
import { localFolder } from '../../weights/local-folder';
import type { ModelFolder } from '../../weights/model-folder';
import type { Tell } from '../../weights/transfer';
import type { Context, Given } from './command';
import { awsOf } from './flags';
import { hubAddress, type HubModel, hubModel, refuseForHub } from './hub-model';
import { meantOnHub } from './meant-on-hub';
import { isS3, s3Address } from './s3-address';
import { waitLine } from './show-progress';
import { UsageError } from './usage-error';

/** Milliseconds of a wait, where there are no bars that tell of repeated calls. */
const WORTH_A_LINE = 4_000;

/** A folder of model files, wherever it lies. */
export interface Place {
  readonly folder: ModelFolder;
  /** Where it is a revision on Hugging Face. */
  readonly model?: HubModel;
}

/** The folder of model files that an operand names. @throws UsageError when it names none */
export async function modelPlace(
  operand: string,
  given: Given<never, 'profile' | 'region'>,
  context: Pick<Context, 'out' | 'outside'>,
): Promise<Place> {
  if (isS3(operand)) return { folder: named(await context.outside.s3Folder(s3Address(operand), awsOf(given))) };
  if (!isHubAddress(operand)) return { folder: localFolder(await localPath(operand)) };
  const address = hubAddress(operand);
  refuseForHub(operand, given, ['profile', 'region']);
  const { out } = context;
  const onEvent: Tell = (event) => {
    const line = waitLine(event, WORTH_A_LINE);
    if (line !== undefined) out.stderr.write(`${line}\n`);
  };
  const model = await hubModel(address, context, onEvent);
  return { folder: hubFolder(model.hub, model.repository, model.commit, { signal: out.signal, onEvent }), model };
}

/** S3's errors say neither which bucket nor which prefix was asked for. */
function named(folder: ModelFolder): ModelFolder {
  const list = async () => {
    try {
      return await folder.list();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const said = new Error(`could not list ${folder.address}: ${error.message || error.name}`, { cause: error });
      said.name = error.name; // by which its remedy is known
      throw said;
    }
  };
  return { ...folder, list };
}

/** @throws UsageError unless it is a folder on this machine */
export async function localPath(operand: string): Promise<string> {
  const elsewhere = isS3(operand) ? 'in S3' : isHubAddress(operand) ? 'on Hugging Face' : undefined;
  if (elsewhere !== undefined) {
    throw new UsageError(
      `'${operand}' lies ${elsewhere}; this command takes a folder on this machine: download it first`,
    );
  }
  if (isAddress(operand)) throw unknownAddress(operand);
  const found = await stat(operand).catch(() => undefined);
  if (!found) throw new UsageError(`there is no folder '${operand}'${meant(operand)}`);
  if (!found.isDirectory()) throw new UsageError(`'${operand}' is not a folder; name the one that config.json lies in`);
  return operand;
}

/**
 * A folder that is made when it is not there.
 *
 * @throws UsageError for an address, which would be made as a folder, and where a file is in the way
 */
export async function newPath(operand: string): Promise<string> {
  if (isAddress(operand)) throw new UsageError(`'${operand}' is not a folder on this machine`);
  const inTheWay = await stat(operand).then(
    (found) => !found.isDirectory(),
    (error: unknown) => errorCode(error) === 'ENOTDIR',
  );
  if (!inTheWay) return operand;
  throw new UsageError(`'${operand}' cannot be a folder, for a file lies there or above it; name another`);
}

function isAddress(operand: string): boolean {
  return /^[a-z0-9]+:\/\//i.test(operand);
}

/** An address with a scheme that no command has, among them that of a page on Hugging Face. */
export function unknownAddress(operand: string): UsageError {
  return new UsageError(`'${operand}' is not an address that this command knows${meant(operand)}`);
}

function meant(text: string): string {
  const address = meantOnHub(text);
  return address === undefined ? '' : `; on Hugging Face it would be ${address}`;
}
