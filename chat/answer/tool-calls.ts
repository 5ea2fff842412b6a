import { isObject, numberIn, textIn, type JsonObject, type JsonValue } from '../json';

/** A tool call, or more of one, as OpenAI's stream has it: id, type and name come once, with the first piece. */
export interface ToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: 'function';
  readonly function: { readonly name?: string; readonly arguments: string };
}

interface Call {
  readonly index: number;
  readonly givenIndex: number | undefined;
  readonly givenId: string | undefined;
  name: string;
}

/**
 * Puts the pieces of one choice's calls in order: indices from 0 without gaps, an id made where there is none, a name
 * that is told once. Servers differ in all of that.
 */
export function toolCalls(newId: () => string): { take(piece: JsonObject): ToolCallDelta; count(): number } {
  const calls: Call[] = [];

  const find = (givenIndex: number | undefined, givenId: string | undefined, name: string | undefined) => {
    // the same index again with another id is another call: some servers count every call from 0
    const isSame = (call: Call) => givenId === undefined || call.givenId === undefined || call.givenId === givenId;
    if (givenIndex !== undefined) return calls.findLast((call) => call.givenIndex === givenIndex && isSame(call));
    if (givenId !== undefined) return calls.findLast((call) => call.givenId === givenId);
    return name === undefined ? calls.at(-1) : undefined;
  };

  return {
    take: (piece) => {
      const called = isObject(piece['function']) ? piece['function'] : {};
      const givenIndex = numberIn(piece['index']);
      // an empty id is none: some servers send one with every piece but the first
      const givenId = someText(piece['id']);
      const name = someText(called['name']);
      const text = argumentsText(called['arguments']);
      const known = find(givenIndex, givenId, name);
      if (known) {
        const isNews = name !== undefined && known.name === '';
        if (isNews) known.name = name;
        return { index: known.index, function: { ...(isNews && { name }), arguments: text } };
      }
      const call = { index: calls.length, givenIndex, givenId, name: name ?? '' };
      calls.push(call);
      return {
        index: call.index,
        id: givenId ?? `call_${newId()}`,
        type: 'function',
        function: { name: call.name, arguments: text },
      };
    },
    count: () => calls.length,
  };
}

function someText(value: JsonValue | undefined): string | undefined {
  return value === '' ? undefined : textIn(value);
}

/** OpenAI's arguments are a text; a server that gives the object itself means the same. */
function argumentsText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
