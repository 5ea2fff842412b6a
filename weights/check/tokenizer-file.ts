import { error, type Finding } from '../finding';
import { isObject, parseJson } from '../json';
import type { ModelFile, ModelFolder } from '../model-folder';
import { isLfsPointer, lfsPointer } from './git-lfs';

/** What the two ends of tokenizer.json tell. */
export interface Tokenizer {
  /** Ids of the added tokens by their text; undefined where the list is not near the beginning. */
  readonly added: ReadonlyMap<string, number> | undefined;
}

/**
 * tokenizer.json has 27 MB, and parsing it takes longer than everything else together. All writers put the added
 * tokens (4 kB) near the beginning, and a download that was cut off lacks its last brace.
 */
const BEGINNING = 64 * 1024;
const END = 64;

export async function readTokenizer(folder: ModelFolder, { name, size }: ModelFile): Promise<Tokenizer | Finding> {
  const [beginning, end] = await Promise.all([
    folder.readBytes(name, 0, Math.min(BEGINNING, size)),
    folder.readBytes(name, Math.max(0, size - END), Math.min(END, size)),
  ]);
  const text = textOf(beginning);
  if (isLfsPointer(text)) return lfsPointer(name);
  const whole = size <= BEGINNING ? parseJson(text) : undefined;
  if (whole && 'problem' in whole) return broken(name, whole.problem);
  if (!text.trimStart().startsWith('{')) return broken(name, 'is not a JSON object');
  if (!textOf(end).trimEnd().endsWith('}')) {
    const problem = 'does not end in }: it is cut off';
    return error({ code: 'file-cut-off', file: name, problem, remedy: 'download or copy it again' });
  }
  return { added: addedTokens(text) };
}

function broken(file: string, problem: string): Finding {
  return error({ code: 'json-invalid', file, problem, remedy: 'take the file of the original model' });
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

function addedTokens(text: string): ReadonlyMap<string, number> | undefined {
  const key = /"added_tokens"\s*:\s*\[/.exec(text);
  const list = key ? parsed(wholeList(text, key.index + key[0].length - 1)) : undefined;
  if (!Array.isArray(list)) return undefined;
  const ids = new Map<string, number>();
  for (const token of list) {
    if (!isObject(token)) continue;
    const { content, id } = token;
    if (typeof content === 'string' && typeof id === 'number') ids.set(content, id);
  }
  return ids;
}

/** From a `[` to the `]` that closes it, over strings that may hold either; '' when the text ends before. */
function wholeList(text: string, start: number): string {
  // a string without an end takes the rest, or each of its quotes would begin the search anew
  const marks = /"(?:[^"\\]|\\.)*(?:"|$)|[[\]]/gs;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '[') depth++;
    else if (mark[0] === ']' && --depth === 0) return text.slice(start, marks.lastIndex);
  }
  return '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
