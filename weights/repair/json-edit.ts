import { applyEdits, findNodeAtLocation, modify, parseTree, type Node } from 'jsonc-parser';

/**
 * Sets a value in JSON, and leaves all other text as it is: a round trip through JavaScript makes `7.0` a `7`, and
 * transformers 5 then refuses the model.
 */
export function withValue(text: string, path: readonly string[], value: unknown): string {
  const layout = { insertSpaces: true, tabSize: indentOf(text), eol: text.includes('\r\n') ? '\r\n' : '\n' };
  // formatting reaches to the ends of the line: the official index is one line, and a value put for another needs none
  const fitsIn = typeof value !== 'object' && nodeAt(text, path) !== undefined;
  const formatted = text.trimEnd().includes('\n') && !fitsIn;
  return applyEdits(text, modify(text, [...path], value, formatted ? { formattingOptions: layout } : {}));
}

/** transformers indents by two. */
function indentOf(text: string): number {
  return /^\{\r?\n( +)"/.exec(text)?.[1]?.length ?? 2;
}

/** Removes keys of the object at a path, each with the line that it stands in. */
export function withoutKeys(text: string, path: readonly string[], keys: readonly string[]): string {
  const object = nodeAt(text, path);
  const members = object?.children ?? [];
  const removed = new Set(keys);
  const kept = members.filter(({ children: [key] = [] }) => !removed.has(String(key?.value)));
  const [first] = members;
  const last = members.at(-1);
  if (!object || !first || !last || kept.length === members.length) return text;
  // with the spaces and line ends before it; the first that stays stands where the first stood
  const indented = (member: Node, at: number) => {
    const place = at === 0 ? first : member;
    const before = text.slice(object.offset, place.offset);
    return before.slice(before.trimEnd().length) + text.slice(member.offset, endOf(member));
  };
  const tail = kept.length === 0 ? '}' : text.slice(endOf(last), endOf(object));
  return `${text.slice(0, object.offset)}{${kept.map(indented).join(',')}${tail}${text.slice(endOf(object))}`;
}

const endOf = ({ offset, length }: Node): number => offset + length;

function nodeAt(text: string, path: readonly string[]): Node | undefined {
  const root = parseTree(text);
  return root && findNodeAtLocation(root, [...path]);
}
