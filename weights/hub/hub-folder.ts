import { type ModelFile, type ModelFolder, Unreadable } from '../model-folder';
import type { Tell } from '../transfer/events';
import type { Backoff } from '../transfer/retry';
import { hubAddressText } from './address';
import { gathered } from './bytes';
import type { Hub, HubFile } from './hub';
import { HubError } from './hub-error';
import { hubRetry } from './retry';

export interface HubFolderOptions {
  /** The files, where they were listed before. @default - they are listed, once */
  readonly files?: readonly HubFile[];
  /** Ends all reading. @default - nothing does */
  readonly signal?: AbortSignal;
  /** How failed calls are repeated. @default - eight attempts */
  readonly backoff?: Partial<Backoff>;
  /** Hears of repeated calls. @default - nobody does */
  readonly onEvent?: Tell;
}

/** The folder that a commit of a model repository is. Reads by range what is asked for, and nothing else. */
export function hubFolder(hub: Hub, repository: string, commit: string, options: HubFolderOptions = {}): ModelFolder {
  const { signal = new AbortController().signal } = options;
  const retry = hubRetry(options.backoff, options.onEvent);
  let listing: Promise<ReadonlyMap<string, HubFile>> | undefined;
  const listed = async () => {
    listing ??= (
      options.files ? Promise.resolve(options.files) : retry(signal, () => hub.files(repository, commit, signal))
    ).then((files) => new Map(files.map((file) => [file.name, file])));
    try {
      return await listing;
    } catch (error) {
      listing = undefined;
      throw error;
    }
  };
  const fileOf = async (name: string): Promise<HubFile> => {
    const file = (await listed()).get(name);
    if (!file) throw new Unreadable(name, 'is not there');
    return file;
  };
  const read = async ({ name, size }: HubFile, from: number, to: number): Promise<Buffer> => {
    if (from >= to) return Buffer.alloc(0);
    try {
      return await retry(signal, async () =>
        gathered((await hub.open(repository, commit, name, { from, to, size }, signal)).bytes),
      );
    } catch (error) {
      if (!(error instanceof HubError) || !OF_ONE_FILE.includes(error.kind)) throw error;
      throw new Unreadable(name, 'is not as the Hub lists it', { cause: error });
    }
  };
  return {
    address: hubAddressText({ repository, revision: commit }),

    list: async () => [...(await listed()).values()].map(modelFile),

    async readText(name, maxBytes) {
      const file = await fileOf(name);
      if (file.size > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return (await read(file, 0, file.size)).toString('utf8');
    },

    async readBytes(name, offset, length) {
      const file = await fileOf(name);
      return read(file, offset, Math.min(file.size, offset + length));
    },
  };
}

const OF_ONE_FILE: readonly string[] = ['missing-file', 'changed'] satisfies HubError['kind'][];

function modelFile({ name, size, sha256, blob }: HubFile): ModelFile {
  return { name, size, etag: sha256 ?? blob };
}
