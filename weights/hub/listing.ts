import { isObject, type JsonObject } from '../json';
import { nameProblem } from '../lock';
import { printable } from '../printable';
import type { HubFile } from './hub';

/** One page of a listing. */
export interface Page {
  readonly files: readonly HubFile[];
  /** Folders included. */
  readonly entries: number;
}

/** Reads a page of `/api/models/…/tree/…?recursive=true`. @throws Error with a clause when it is not one */
export function parsePage(text: string): Page {
  const entries = parse(text);
  if (!Array.isArray(entries)) throw new Error('the listing is not a JSON array');
  const files = entries.flatMap((entry: unknown) => {
    if (!isObject(entry)) throw new Error('the listing has an entry that is not an object');
    return entry['type'] === 'file' ? [hubFile(entry)] : [];
  });
  return { files, entries: entries.length };
}

/** Reads the commit of `/api/models/…/revision/…`. @throws Error with a clause when it has none */
export function parseCommit(text: string): string {
  const value = parse(text);
  const sha = isObject(value) ? value['sha'] : undefined;
  if (typeof sha !== 'string' || !COMMIT.test(sha)) throw new Error('the answer names no commit');
  return sha;
}

const COMMIT = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;

function hubFile(entry: JsonObject): HubFile {
  const name = entry['path'];
  const problem = typeof name === 'string' ? nameProblem(name) : 'it is not a text';
  if (typeof name !== 'string' || problem) {
    throw new Error(`the listing has a file whose name cannot be used, ${printable(String(name))}: ${problem}`);
  }
  const lfs = isObject(entry['lfs']) ? entry['lfs'] : undefined;
  const size = lfs ? lfs['size'] : entry['size'];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new Error(`the size of ${printable(name)} is not a number of bytes`);
  }
  const blob = entry['oid'];
  if (typeof blob !== 'string' || !COMMIT.test(blob)) throw new Error(`the listing has no hash of ${printable(name)}`);
  if (!lfs) return { name, size, blob };
  const sha256 = lfs['oid'];
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) {
    throw new Error(`the listing has no SHA-256 of ${printable(name)}`);
  }
  return { name, size, sha256, blob };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('the answer is not JSON', { cause: error });
  }
}
