/** A piece of an answer's text, and what it is. `arguments` belong to the `call` before them. */
export type Part = TextPart | { readonly kind: 'call'; readonly name: string };

interface TextPart {
  readonly kind: 'content' | 'reasoning' | 'arguments';
  readonly text: string;
}

export interface Splitter {
  push(text: string): Part[];
  /** What was held back in case it was the beginning of a marker. */
  end(): Part[];
}

type Mode =
  | { readonly at: 'opening' | 'header' | 'reasoning' | 'content' }
  | { readonly at: 'message'; readonly kind: TextPart['kind'] };

/** How a step goes on: so many characters are done with. One that takes nothing and stays where it is waits for more. */
interface Step {
  readonly taken: number;
  readonly part?: Part;
  readonly next?: Mode;
}

const OPEN_TAG = '<reasoning>';
const CLOSE_TAG = '</reasoning>';
const MESSAGE = '<|message|>';
const HEADERS = ['<|start|>', '<|channel|>'];
const ENDS = ['<|end|>', '<|return|>', '<|call|>'];
const OPENERS = [OPEN_TAG, ...HEADERS, ...ENDS];
/** A header is a role, a channel, a recipient and a format; the longest has a tool's name, which OpenAI bounds at 64. */
const LONGEST_HEADER = 256;
/** More white space than that is an answer, if an odd one: a model that has lost its thread can go on with it for ever. */
const LONGEST_BLANK = 1_000;

/**
 * Tells the model's reasoning from its answer where Bedrock gives both as one text: `<reasoning>` tags (base models), and
 * markers of the Harmony format that the server should have read itself. They are looked for only where a message may begin,
 * so that an answer which speaks of them stays as it is. However the text is cut, the result is the same.
 */
export function splitter(): Splitter {
  let mode: Mode = { at: 'opening' };
  let held = '';
  const run = (ended: boolean): Part[] => {
    const parts: Part[] = [];
    for (;;) {
      const { taken, part, next } = step(mode, held, ended);
      if (part) add(parts, part);
      if (taken === 0 && !next) return parts;
      held = held.slice(taken);
      mode = next ?? mode;
    }
  };
  return {
    push: (text) => {
      held += text;
      return run(false);
    },
    end: () => run(true),
  };
}

function step(mode: Mode, text: string, ended: boolean): Step {
  switch (mode.at) {
    case 'opening':
      return opening(text, ended);
    case 'header':
      return header(text, ended);
    case 'content':
      return { taken: text.length, part: { kind: 'content', text } };
    case 'reasoning':
      return until([CLOSE_TAG], { kind: 'reasoning', text }, ended);
    case 'message':
      return until([...ENDS, ...HEADERS], { kind: mode.kind, text }, ended);
  }
}

function opening(text: string, ended: boolean): Step {
  const rest = text.trimStart();
  const blank = text.length - rest.length;
  if (blank > LONGEST_BLANK) return { taken: 0, next: { at: 'content' } };
  const opener = OPENERS.find((candidate) => rest.startsWith(candidate));
  // white space before a marker belongs to nobody
  if (opener === OPEN_TAG) return { taken: blank + opener.length, next: { at: 'reasoning' } };
  if (opener !== undefined) return afterMarker(opener, blank);
  const mayBecome = OPENERS.some((candidate) => candidate.startsWith(rest));
  return mayBecome && !ended ? { taken: 0 } : { taken: 0, ...(text !== '' && { next: { at: 'content' } }) };
}

/** `<|channel|>analysis<|message|>`, or with more: `<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>`. */
function header(text: string, ended: boolean): Step {
  const end = text.indexOf(MESSAGE);
  if (end === -1 && !ended && text.length <= LONGEST_HEADER + MESSAGE.length) return { taken: 0 };
  // no header after all: nothing of the text may be lost
  if (end === -1 || end > LONGEST_HEADER) return { taken: 0, next: { at: 'content' } };
  const head = text.slice(0, end);
  const taken = end + MESSAGE.length;
  const name = /to=functions\.([-\w.]{1,64})/.exec(head)?.[1];
  if (name !== undefined) {
    return { taken, part: { kind: 'call', name }, next: { at: 'message', kind: 'arguments' } };
  }
  return { taken, next: { at: 'message', kind: head.includes('<|channel|>analysis') ? 'reasoning' : 'content' } };
}

/** Text up to the first marker; of a text without one, all but an end that may be the beginning of one. */
function until(markers: readonly string[], part: TextPart, ended: boolean): Step {
  const { text } = part;
  const found = markers.map((marker) => ({ marker, at: text.indexOf(marker) })).filter(({ at }) => at !== -1);
  const first = found.reduce<{ marker: string; at: number } | undefined>(
    (best, next) => (best && best.at < next.at ? best : next),
    undefined,
  );
  if (!first) {
    const taken = text.length - (ended ? 0 : unfinished(text, markers));
    return { taken, part: { ...part, text: text.slice(0, taken) } };
  }
  return { ...afterMarker(first.marker, first.at), part: { ...part, text: text.slice(0, first.at) } };
}

/** A header begins with its marker; every other marker is done with. */
function afterMarker(marker: string, at: number): Step {
  return HEADERS.includes(marker)
    ? { taken: at, next: { at: 'header' } }
    : { taken: at + marker.length, next: { at: 'opening' } };
}

/** Length of the longest end of the text that is the beginning of a marker. */
function unfinished(text: string, markers: readonly string[]): number {
  const longest = Math.min(text.length, Math.max(...markers.map((marker) => marker.length)) - 1);
  for (let length = longest; length > 0; length--) {
    const end = text.slice(-length);
    if (markers.some((marker) => marker.startsWith(end))) return length;
  }
  return 0;
}

/** Joins what is of one kind. */
function add(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (part.kind === 'call') parts.push(part);
  else if (last?.kind === part.kind) parts[parts.length - 1] = { ...part, text: last.text + part.text };
  else if (part.text !== '') parts.push(part);
}
