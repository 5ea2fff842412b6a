import { type Cdn, cdnAt } from './cdn';
import { serve } from './exchange';
import type { Mischief } from './faults';
import { cdnHandler, hubHandler } from './handlers';
import type { HubState } from './hub';
import { journal, type Recorded } from './journal';
import { type Quotas, rateLimits } from './rate-limits';
import { type Repository, repository, type RepositoryOptions } from './repositories';
import type { Files, Snapshot } from './snapshot';

export { type Content, manyFiles, onDisk, resized, text, zeros } from './contents';
export { anyOf, type Asked, type Fault, type Kind, type Mischief, strike, type Where } from './faults';
export type { Quotas } from './rate-limits';
export type { RepositoryOptions } from './repositories';
export type { Recorded } from './journal';
export type { Files, LargeFile, Snapshot, StoredFile } from './snapshot';

export interface HubOptions {
  /** By `owner/name`: a folder, files, or revisions with what is gated and private. */
  readonly repositories: Readonly<Record<string, Files | RepositoryOptions>>;
  /** Names that have changed, each with the one of today: the Hub redirects there, relative to itself. @default - none */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Names of datasets, which are no models. @default - none */
  readonly datasets?: readonly string[];
  /** Tokens of accounts that may read nothing special. @default - none; every repository's readers have accounts */
  readonly tokens?: readonly string[];
  /** Files and folders in a page of a listing. @default 1000 */
  readonly pageSize?: number;
  /** Bytes from which on a file is a large one, whatever its name. @default 10 MiB, from which on the Hub takes files only so */
  readonly lfsBytes?: number;
  /** How `resolve` answers for small files. @default 'redirected', to another path of the Hub, as the Hub does since 2025 */
  readonly smallFiles?: 'redirected' | 'direct';
  /** Seconds for which an address of the CDN holds. @default 3600 */
  readonly linkSeconds?: number;
  /** Requests that are free, together for all who ask. @default - as many as anybody likes, and no headers about it */
  readonly quotas?: Quotas;
  /** @default - a free one */
  readonly port?: number;
}

/** A small Hugging Face Hub on loopback, with its CDN on another origin, that goes wrong when it is told to. */
export interface Hub {
  /** `http://127.0.0.1:<port>`, for `HF_ENDPOINT`. There is no Xet server: huggingface_hub needs `HF_HUB_DISABLE_XET=1`. */
  readonly url: string;
  /** The origin to which `resolve` leads for large files. */
  readonly cdnUrl: string;
  /** What goes wrong from now on; undefined for nothing. */
  mischief: Mischief | undefined;
  /** Every request to either server, the failed ones too, oldest first. */
  readonly requests: readonly Recorded[];
  /** Requests that brought a token to the CDN. */
  leaks(): readonly Recorded[];
  /** A revision as it is: its commit, and its files with their hashes. @throws when there is no such thing */
  at(repository: string, revision?: string): Promise<Snapshot>;
  /** Lets a branch or a tag name other files; the commit that it named stays. */
  move(repository: string, revision: string, files: Files): Promise<void>;
  /** Lets every address of the CDN that was given until now expire. */
  expireLinks(): void;
  /** Ends open connections too. A second call does nothing. */
  close(): Promise<void>;
}

const LFS_BYTES = 10 * 1024 * 1024;

/**
 * Starts the Hub and its CDN. A revision's files are listed now and hashed at the first request that needs its commit.
 *
 * @throws the system's error when a folder is not there or the port is taken
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const repositories = new Map<string, Repository>();
  for (const [id, described] of Object.entries(options.repositories)) {
    repositories.set(id, await repository(id, described, { lfsBytes: options.lfsBytes ?? LFS_BYTES }));
  }
  const log = journal();
  const cdn = cdnAt(() => cdnServer.url, options.linkSeconds ?? 3600);
  const state = stateOf(options, repositories, cdn, () => hubServer.url);
  const hubServer = await serve(options.port ?? 0, hubHandler(state, log, rateLimits(options.quotas)));
  const cdnServer = await serve(0, cdnHandler(cdn, log));

  function known(id: string): Repository {
    const found = repositories.get(id);
    if (!found) throw new Error(`there is no repository '${id}'`);
    return found;
  }
  return {
    url: hubServer.url,
    cdnUrl: cdnServer.url,
    get mischief() {
      return log.mischief;
    },
    set mischief(mischief) {
      log.mischief = mischief;
    },
    requests: log.requests,
    leaks: () => log.requests.filter(({ server, authorized }) => server === 'cdn' && authorized),
    at: async (id, revision = 'main') => await known(id).at(revision),
    move: async (id, revision, files) => {
      await known(id).move(revision, files);
    },
    expireLinks: () => {
      cdn.expire();
    },
    close: async () => {
      await Promise.all([hubServer.close(), cdnServer.close()]);
    },
  };
}

function stateOf(
  options: HubOptions,
  repositories: ReadonlyMap<string, Repository>,
  cdn: Cdn,
  origin: () => string,
): HubState {
  const readers = [...repositories.values()].flatMap((repository) => repository.readers);
  return {
    repositories,
    renamed: new Map(Object.entries(options.renamed ?? {})),
    datasets: new Set(options.datasets),
    tokens: new Set([...(options.tokens ?? []), ...readers]),
    cdn,
    pageSize: options.pageSize ?? 1000,
    smallFiles: options.smallFiles ?? 'redirected',
    origin,
  };
}
