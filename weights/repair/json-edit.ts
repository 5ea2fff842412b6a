import { applyEdits, findNodeAtLocation, modify, parseTree, type JSONPath, type Node } from 'jsonc-parser';

/** More removals than this in one object make it anew from what stays. */
const MOST_EDITS = 8;

const EMPTY: Node = { type: 'object', offset: 0, length: 0 };

/**
 * Sets a value in JSON, or removes it where `value` is undefined, and leaves all other text as it is: a round trip
 * through JavaScript makes `7.0` a `7`, and transformers 5 then refuses the model.
 */
export function withValue(text: string, path: JSONPath, value: unknown): string {
  const layout = { insertSpaces: true, tabSize: indentOf(text), eol: text.includes('\r\n') ? '\r\n' : '\n' };
  // formatting reaches to the ends of the line, and the official index is one line
  const newLines = typeof value === 'object' && text.trimEnd().includes('\n');
  return applyEdits(text, modify(text, path, value, newLines ? { formattingOptions: layout } : {}));
}

/** transformers indents by two. */
function indentOf(text: string): number {
  return /^\{\r?\n( +)"/.exec(text)?.[1]?.length ?? 2;
}

/** Removes keys of the object at a path. */
export function withoutKeys(text: string, path: readonly string[], keys: readonly string[]): string {
  // every removal parses the text again
  if (keys.length <= MOST_EDITS) return keys.reduce((left, key) => withValue(left, [...path, key], undefined), text);
  const removed = new Set(keys);
  const node = findNodeAtLocation(parseTree(text) ?? EMPTY, [...path]);
  const kept = (node?.children ?? []).filter(({ children: [key] = [] }) => !removed.has(String(key?.value)));
  const members = kept.map(({ offset, length }) => text.slice(offset, offset + length)).join(', ');
  return node ? `${text.slice(0, node.offset)}{${members}}${text.slice(node.offset + node.length)}` : text;
}
