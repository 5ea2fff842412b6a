import { HubError } from './errors';
import type { Repository } from './repositories';
import type { Route } from './routes';
import type { Snapshot, StoredFile } from './snapshot';
import { type Answer, json } from './answers';

/**
 * `GET /api/models/{owner}/{name}/revision/{revision}[?blobs=true]`. Sources: huggingface_hub's `model_info` and
 * `ModelInfo` in hf_api.py; with `blobs` a large file's hash is called `sha256` here and `oid` in the tree.
 */
export function info({ id, gated, private: isPrivate }: Repository, { commit, files }: Snapshot, route: Route): Answer {
  const withBlobs = route.query.get('blobs') === 'true';
  const siblings = [...files.values()].map((file) => ({ rfilename: file.path, ...(withBlobs && blob(file)) }));
  const [author] = id.split('/');
  return json(200, { id, modelId: id, author, sha: commit, private: isPrivate, gated, disabled: false, siblings });
}

function blob({ oid, content: { size }, lfs }: StoredFile) {
  return { blobId: oid, size, ...(lfs && { lfs: { sha256: lfs.sha256, size, pointerSize: lfs.pointerSize } }) };
}

/**
 * `GET /api/models/{owner}/{name}/tree/{revision}[/{path}]?recursive=true[&limit][&cursor]`: files and folders in the order
 * of their paths, page by page. Sources: huggingface_hub's `list_repo_tree` in hf_api.py and utils/_pagination.py
 * (the `Link` header is the only sign of a next page; huggingface_hub#3329), huggingface.js' list-files.ts.
 *
 * @param origin the Hub's own: the next page's address is a whole one
 * @throws HubError EntryNotFound
 */
export function tree(
  repository: Repository,
  snapshot: Snapshot,
  route: Route,
  pageSize: number,
  origin: string,
): Answer {
  const asked = Number(route.query.get('limit') ?? pageSize);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, pageSize) : pageSize;
  const after = cursorPlace(route.query.get('cursor'));
  const left = entriesIn(snapshot, route).filter(({ path }) => path > after);
  const page = left.slice(0, limit);
  const last = page.at(-1);
  if (left.length === page.length || !last) return json(200, page);
  const query = new URLSearchParams({
    expand: route.query.get('expand') ?? 'false',
    recursive: route.query.get('recursive') ?? 'false',
    limit: limit.toString(),
    cursor: cursorAt(last.path, limit),
  });
  const folder = route.path === '' ? '' : `/${encodeURIComponent(route.path)}`;
  const path = `/api/models/${repository.id}/tree/${encodeURIComponent(route.revision)}${folder}`;
  return json(200, page, { link: `<${origin}${path}?${query.toString()}>; rel="next"` });
}

function entriesIn({ files, folders }: Snapshot, { path: folder, revision, query }: Route) {
  const entries = [
    ...[...files.values()].map(({ path, oid, content: { size }, lfs }) => ({
      type: 'file',
      oid,
      size,
      ...(lfs && { lfs: { oid: lfs.sha256, size, pointerSize: lfs.pointerSize }, xetHash: lfs.xetHash }),
      path,
    })),
    ...folders.map(({ path, oid }) => ({ type: 'directory', oid, size: 0, path })),
  ].sort((one, other) => (one.path < other.path ? -1 : 1));
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = entries.filter(({ path }) => path.startsWith(prefix));
  if (folder !== '' && inside.length === 0) {
    throw new HubError(404, 'EntryNotFound', `${folder} does not exist on "${revision}"`);
  }
  if (query.get('recursive') === 'true') return inside;
  return inside.filter(({ path }) => !path.slice(prefix.length).includes('/'));
}

/** The Hub's is opaque; it happens to look like this, with the last name of the page before in it. */
function cursorAt(path: string, limit: number): string {
  const place = Buffer.from(JSON.stringify({ file_name: path })).toString('base64');
  return Buffer.from(`${place}:${limit}`).toString('base64');
}

function cursorPlace(cursor: string | null): string {
  if (cursor === null) return '';
  try {
    const [place = ''] = Buffer.from(cursor, 'base64').toString().split(':');
    const read: unknown = JSON.parse(Buffer.from(place, 'base64').toString());
    if (typeof read === 'object' && read !== null && 'file_name' in read && typeof read.file_name === 'string') {
      return read.file_name;
    }
  } catch {
    // told below, as everything else that is no cursor
  }
  throw new HubError(400, undefined, 'Invalid cursor');
}
