import { type Answer, file, redirect } from './answers';
import type { Cdn } from './cdn';
import { HubError } from './errors';
import type { Repository } from './repositories';
import type { Route } from './routes';
import type { LargeFile, Snapshot, StoredFile } from './snapshot';

/** A file of a commit, as an answer needs to know it. */
export interface Found {
  readonly repository: string;
  readonly commit: string;
  readonly file: StoredFile;
}

/** @throws HubError EntryNotFound, which tells the commit all the same */
export function find({ id }: Repository, { commit, files }: Snapshot, { path }: Route): Found {
  const stored = files.get(path);
  if (!stored) throw new HubError(404, 'EntryNotFound', 'Entry not found', { 'x-repo-commit': commit });
  return { repository: id, commit, file: stored };
}

/**
 * `/{owner}/{name}/resolve/{revision}/{path}` of a large file: 302 to the CDN, the file's hash and size beside it.
 * Sources: huggingface_hub's `get_hf_file_metadata` in file_download.py (which headers, and why the linked ones come
 * first), https://huggingface.co/docs/xet/file-id (302 to the route that is compatible with LFS), an answer of 2026 in
 * ngxson/wllama#248.
 *
 * @param isStale the address has expired by the time that it is given
 */
export function toCdn(found: Found, lfs: LargeFile, cdn: Cdn, isStale: boolean): Answer {
  return redirect(302, cdn.link(found, isStale), {
    'x-repo-commit': found.commit,
    'x-linked-size': found.file.content.size.toString(),
    'x-linked-etag': `"${lfs.sha256}"`,
    'x-xet-hash': lfs.xetHash,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
  });
}

/**
 * The same of a small file: 307 to another path of the Hub, which takes the token as well. Sources: answers of 2025 and
 * 2026 in huggingface/swift-transformers#209 and raullenchai/Rapid-MLX#1122.
 */
export function toCache({ repository, commit, file: { oid, path } }: Found, asked: string): Answer {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const query = `${encodeURIComponent(asked)}=&etag=${encodeURIComponent(`"${oid}"`)}`;
  return redirect(307, `/api/resolve-cache/models/${repository}/${commit}/${encoded}?${query}`, {
    'x-repo-commit': commit,
    'x-linked-etag': `"${oid}"`,
    'accept-ranges': 'bytes',
  });
}

/** A small file itself. */
export function direct({ commit, file: { path, content, oid } }: Found, range: string | undefined): Answer {
  const name = encodeURIComponent(path.split('/').at(-1) ?? path);
  return file(content, range, {
    'x-repo-commit': commit,
    'x-linked-etag': `"${oid}"`,
    'x-linked-size': content.size.toString(),
    etag: `"${oid}"`,
    'content-disposition': `inline; filename*=UTF-8''${name}; filename="${name}";`,
  });
}
