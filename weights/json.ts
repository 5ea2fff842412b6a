import { printable } from './printable';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object, or why the text is none that can be trusted. */
type Json =
  { readonly value: JsonObject } | { readonly problem: string; readonly code: 'json-invalid' | 'json-duplicate-key' };

/** A model's files nest four deep; JSON nested in the thousands overflows the stacks of tools that read it. */
const MAX_DEPTH = 64;

/** Parses JSON and refuses what readers disagree on: a key twice in one object, and nesting without end. */
export function parseJson(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { code: 'json-invalid', problem: `is not JSON: ${printable(why)}` };
  }
  if (!isObject(value)) return { code: 'json-invalid', problem: 'is not a JSON object' };
  return keysProblem(text) ?? { value };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

/** One pass over text that is known to be JSON: a string before a colon is a key of the innermost object. */
function keysProblem(text: string): Json | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        open.push(text.charCodeAt(at) === OPEN_OBJECT ? new Set() : undefined);
        if (open.length > MAX_DEPTH) return { code: 'json-invalid', problem: `nests deeper than ${MAX_DEPTH}` };
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        break;
      case QUOTE: {
        const end = stringEnd(text, at);
        if (isKey(text, end)) {
          const key = keyOf(text.slice(at, end + 1));
          const keys = open.at(-1);
          if (keys?.has(key)) return { code: 'json-duplicate-key', problem: `has the key ${printable(key)} twice` };
          keys?.add(key);
        }
        at = end;
      }
    }
  }
  return undefined;
}

/** Where the closing quote is: the first one that an even number of backslashes precedes. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === COLON;
}

/** `"\u0061"` is the key `"a"`. */
function keyOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}
