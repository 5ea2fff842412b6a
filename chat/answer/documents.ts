import { isObject, parseJson, type JsonObject } from '../json';
import { brokenAnswer } from '../refusal';

/** No frame of a chat comes near this; Bedrock's own limit for a body. */
const LONGEST_DOCUMENT = 25_000_000;
/** The longest line between two documents is a comment of an SSE stream. */
const LONGEST_LINE = 1_000;

export interface Documents {
  push(bytes: Uint8Array): JsonObject[];
  /** Throws if a document or a character has been begun and not ended. */
  end(): void;
}

/**
 * The JSON objects in a stream of bytes, however it is cut: one a frame, several, a part of one, a character in two halves,
 * or lines of server-sent events (`data: {…}`, `data: [DONE]`).
 */
export function documents(): Documents {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pending = '';
  let scanned = 0;
  let depth = 0;
  let isInString = false;

  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw brokenAnswer("Bedrock's stream is not UTF-8", 'invalid_utf8');
    }
  };

  /** Index after the object that begins at `pending`'s first character, or -1 while it is not complete. */
  const endOfObject = (): number => {
    for (; scanned < pending.length; scanned++) {
      const character = pending[scanned];
      if (isInString) {
        if (character === '\\') scanned++;
        else if (character === '"') isInString = false;
      } else if (character === '"') isInString = true;
      else if (character === '{' || character === '[') depth++;
      else if ((character === '}' || character === ']') && --depth === 0) return scanned + 1;
    }
    return -1;
  };

  const takeAll = (): JsonObject[] => {
    const found: JsonObject[] = [];
    for (;;) {
      if (depth === 0) pending = pending.slice(lengthBetween(pending));
      if (!pending.startsWith('{')) return found;
      const end = endOfObject();
      if (end === -1) return found;
      found.push(object(pending.slice(0, end)));
      pending = pending.slice(end);
      scanned = 0;
    }
  };

  return {
    push: (bytes) => {
      const text = decode(bytes);
      // nearly every frame is one whole object
      const whole = pending === '' && text.startsWith('{') ? parseJson(text) : undefined;
      if (isObject(whole)) return [whole];
      pending += text;
      if (pending.length > LONGEST_DOCUMENT) throw brokenAnswer("A frame of Bedrock's stream is over 25 MB");
      return takeAll();
    },
    end: () => {
      decode();
      if (depth > 0 || lengthBetween(`${pending}\n`) <= pending.length) {
        throw brokenAnswer(`Bedrock's stream ended inside a frame: ${pending.slice(0, 100)}`, 'truncated_stream');
      }
    },
  };
}

function object(text: string): JsonObject {
  const value = parseJson(text);
  if (!isObject(value)) throw brokenAnswer(`A frame of Bedrock's stream is not JSON: ${text.slice(0, 100)}`);
  return value;
}

/** How much of the text lies before the next object: whole lines, and the `data:` of its own. */
function lengthBetween(text: string): number {
  let length = 0;
  for (;;) {
    const [line = ''] = /^[^\n{]*/.exec(text.slice(length)) ?? [];
    const after = text[length + line.length];
    if (after === '{' && /^\s*(data:\s*)?$/.test(line)) return length + line.length;
    if (after === '\n' && /^\s*(data:\s*(\[DONE\]\s*)?|(event|id|retry)?:.*)?$/.test(line)) length += line.length + 1;
    else if (after === undefined && line.length < LONGEST_LINE) return length;
    else throw brokenAnswer(`Between the frames of Bedrock's stream stands '${line.slice(0, 100)}'`);
  }
}
