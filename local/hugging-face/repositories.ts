import { HubError } from './errors';
import { type Files, list, type Snapshot, snapshotOf } from './snapshot';

export interface RepositoryOptions {
  /** Branches, tags, `refs/pr/1`, by name. Each has a commit too, which any of its files would change. */
  readonly revisions: Readonly<Record<string, Files>>;
  /** How access is granted; what the repository holds can be listed by everybody all the same. @default false */
  readonly gated?: false | 'auto' | 'manual';
  /** Nobody but its readers learns that it exists. @default false */
  readonly private?: boolean;
  /** Tokens that may read what is gated or private. @default - none */
  readonly readers?: readonly string[];
}

/** A model's repository. Its commits are computed when they are first asked for. */
export interface Repository {
  readonly id: string;
  readonly gated: false | 'auto' | 'manual';
  readonly private: boolean;
  readonly readers: readonly string[];
  /** @param revision a name or 40 hex digits @throws HubError RevisionNotFound */
  at(revision: string): Promise<Snapshot>;
  /** Lets a branch or a tag name other files; the commit that it named stays. */
  move(revision: string, files: Files): Promise<void>;
}

export interface Rules {
  /** From this size on a file is a large one, whatever its name. */
  readonly lfsBytes: number;
}

/** @param described files are those of `main`, the only revision */
export async function repository(id: string, described: Files | RepositoryOptions, rules: Rules): Promise<Repository> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(id)) throw new Error(`a repository is an owner and a name, got '${id}'`);
  const options = isOptions(described) ? described : { revisions: { main: described } };
  const named = new Map<string, () => Promise<Snapshot>>();
  const before: (() => Promise<Snapshot>)[] = [];

  async function move(revision: string, files: Files): Promise<void> {
    const contents = await list(files);
    let known: Promise<Snapshot> | undefined;
    const old = named.get(revision);
    if (old) before.push(old);
    named.set(revision, () => (known ??= snapshotOf(contents, rules.lfsBytes)));
  }

  async function at(revision: string): Promise<Snapshot> {
    const byName = named.get(revision);
    if (byName) return await byName();
    if (/^[0-9a-f]{40}$/.test(revision)) {
      for (const snapshot of [...named.values(), ...before]) {
        const candidate = await snapshot();
        if (candidate.commit === revision) return candidate;
      }
    }
    throw new HubError(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
  }

  for (const [revision, files] of Object.entries(options.revisions)) await move(revision, files);
  const { gated = false, readers = [] } = options;
  return { id, gated, private: options.private === true, readers, at, move };
}

function isOptions(described: Files | RepositoryOptions): described is RepositoryOptions {
  return typeof described === 'object' && 'revisions' in described;
}
