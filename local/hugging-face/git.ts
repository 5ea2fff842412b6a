import { createHash } from 'node:crypto';
import { type Content, digest } from './contents';

/** A file or a folder as a tree of git names it. */
export interface Entry {
  readonly name: string;
  readonly oid: string;
  readonly isFolder: boolean;
}

/** The SHA-1 that git gives a file's bytes. */
export function blobOid({ size, read }: Content): Promise<string> {
  return digest('sha1', read(0, size), `blob ${size}\0`);
}

/** What git keeps in place of a large file. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
export function lfsPointer(sha256: string, size: number): Buffer {
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`);
}

export function oid(kind: 'blob' | 'tree' | 'commit', body: Buffer): string {
  return createHash('sha1').update(`${kind} ${body.length}\0`).update(body).digest('hex');
}

export function treeOid(entries: readonly Entry[]): string {
  // git orders a folder as if its name ended in a slash
  const key = ({ name, isFolder }: Entry) => Buffer.from(isFolder ? `${name}/` : name);
  const sorted = [...entries].sort((one, other) => Buffer.compare(key(one), key(other)));
  const lines = sorted.map((entry) =>
    Buffer.concat([
      Buffer.from(`${entry.isFolder ? '40000' : '100644'} ${entry.name}\0`),
      Buffer.from(entry.oid, 'hex'),
    ]),
  );
  return oid('tree', Buffer.concat(lines));
}

/** A commit of a tree by nobody at no time: the same bytes have the same commit on every machine, on every day. */
export function commitOid(tree: string): string {
  const nobody = 'nobody <nobody@localhost> 0 +0000';
  return oid('commit', Buffer.from(`tree ${tree}\nauthor ${nobody}\ncommitter ${nobody}\n\nfiles\n`));
}
