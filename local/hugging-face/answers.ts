import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Bytes, Content } from './contents';
import type { HubError } from './errors';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  readonly length: number;
  readonly body: Bytes;
}

/** Words with the ETag that web frameworks give them, which says nothing of a file. */
export function short(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const hash = createHash('sha1').update(words).digest('base64').slice(0, 27);
  return plain(status, words, { etag: `W/"${Buffer.byteLength(words).toString(16)}-${hash}"`, ...headers });
}

function plain(status: number, words: string, headers: Readonly<Record<string, string>>): Answer {
  const bytes = Buffer.from(words);
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, length: bytes.length, body: [bytes] };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return short(status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

/** Its length is that of the words in it, not the file's: that is what `X-Linked-Size` is for. */
export function redirect(status: 302 | 307, to: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return plain(status, `${STATUS_CODES[status]}. Redirecting to ${to}`, { ...headers, location: to });
}

/** @param asJson how the API tells it; files are refused in plain words */
export function refusal({ status, code, message, headers }: HubError, asJson: boolean): Answer {
  const told = { ...headers, ...(code !== undefined && { 'x-error-code': code }), 'x-error-message': message };
  return asJson ? json(status, { error: message }, told) : short(status, message, told);
}

/** A file, or the range of it that is asked for: 200, 206, or 416 when it has no such bytes. */
export function file(content: Content, range: string | undefined, headers: Readonly<Record<string, string>>): Answer {
  const { size, read } = content;
  const all = { ...headers, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
  const part = rangeOf(range, size);
  if (part === undefined) return { status: 200, headers: all, length: size, body: read(0, size) };
  if (part.from >= part.to) return short(416, 'Range Not Satisfiable', { 'content-range': `bytes */${size}` });
  const { from, to } = part;
  const place = { 'content-range': `bytes ${from}-${to - 1}/${size}` };
  return { status: 206, headers: { ...all, ...place }, length: to - from, body: read(from, to) };
}

/** Up to, not including, `to`; empty when the file has no such bytes. Several ranges at once are answered in full, as HTTP allows. */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') return { from: Number(last) === 0 ? size : Math.max(0, size - Number(last)), to: size };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  return { from: Number(first), to: Math.min(size, last === '' ? size : Number(last) + 1) };
}
