import { bytesOf } from '../bytes-of';
import { MAX_FILES } from '../model-folder';
import { printable } from '../printable';
import { type LeftOut, select } from '../selection';
import type { Tell } from '../transfer/events';
import { FILES_AT_ONCE } from '../transfer/parts';
import type { TransferOptions } from '../transfer/session';
import type { Target } from '../transfer/target';
import { each } from '../transfer/together';
import { downloadFile, type Way } from './download-file';
import type { Hub, HubFile } from './hub';
import { HubError } from './hub-error';
import { hubRetry } from './retry';

export interface HubDownloadOptions extends Omit<TransferOptions, 'partBytes'> {
  readonly hub: Hub;
  /** As in `openai/gpt-oss-20b`. */
  readonly repository: string;
  /** Resolved before: a branch might change between two of its files. */
  readonly commit: string;
  readonly target: Target;
  /** Names of the files to get. @default - those that an upload would send: the model without its copies in other formats */
  readonly files?: ReadonlySet<string>;
  /** Put files in the place of others of the same name. @default false */
  readonly replace?: boolean;
}

export interface HubDownloadResult {
  /** Files that were got now. */
  readonly moved: readonly string[];
  /** Files that were there already. */
  readonly skipped: readonly string[];
  /** Files of the repository that were not wanted; empty where the caller said what to get. */
  readonly leftOut: readonly LeftOut[];
  /** Bytes of the files that are there now. */
  readonly bytes: number;
}

/**
 * Gets the model of a commit: four files side by side, each in one request. What is there already is not moved again, and
 * what an earlier run has left of a file (`<name>.part`) is gone on from. A file has its name only when its hash is the
 * Hub's: SHA-256 for large files, git's SHA-1 for the others.
 *
 * @throws HubError when a call failed for good, or a file does not come as the Hub lists it
 * @throws FileInTheWayError when a file of the folder is another, and `replace` isn't set
 */
export async function downloadHub(options: HubDownloadOptions): Promise<HubDownloadResult> {
  const { hub, repository, commit, target, replace = false, backoff = {} } = options;
  const { signal = new AbortController().signal } = options;
  let movedBytes = 0;
  const tell: Tell = (event) => {
    if (event.type === 'part' && event.moved) movedBytes += event.bytes;
    options.onEvent?.(event);
  };
  const listed = await hubRetry(backoff, tell)(signal, () => hub.files(repository, commit, signal));
  const { files, leftOut } = chosen(listed, options);
  const bytes = bytesOf(files);
  tell({ type: 'plan', files: files.length, bytes });
  const way: Way = { hub, repository, commit, target, replace, backoff, tell };
  const [moved, skipped]: [string[], string[]] = [[], []];
  await each(files, FILES_AT_ONCE, signal, async (file, ofEach) => {
    const isNew = await downloadFile(way, file, ofEach);
    (isNew ? moved : skipped).push(file.name);
    tell({ type: isNew ? 'done' : 'skipped', file: file.name, size: file.size });
  });
  tell({ type: 'total', files: files.length, bytes, moved: movedBytes });
  return { moved: moved.sort(), skipped: skipped.sort(), leftOut, bytes };
}

function chosen(listed: readonly HubFile[], { files: wanted, repository }: HubDownloadOptions) {
  if (listed.length > MAX_FILES) {
    throw new HubError('refused', `${repository} has more than ${MAX_FILES} files; is it the repository of a model?`);
  }
  const { upload, leftOut } = select(listed.map(({ name, size }) => ({ name, size, etag: '' })));
  const names = wanted ?? new Set(upload.map(({ name }) => name));
  const files = listed.filter(({ name }) => names.has(name));
  const missing = [...names].find((name) => !files.some((file) => file.name === name));
  if (missing !== undefined)
    throw new HubError('missing-file', `${repository} has no file ${printable(missing)} at that commit`);
  // the largest first: the last ones to end are then small
  return { files: files.sort((one, other) => other.size - one.size), leftOut: wanted ? [] : leftOut };
}
