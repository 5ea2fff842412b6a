import type { Service } from '../service';
import { malformed, type Asked, type Tool } from './asked';
import type { Author, Piece } from './author';
import { instanceOf, NoInstance } from './instance';

const THOUGHT = 'No model is loaded here, so there is nothing to think about.';
const GREETING = 'Hello from the Bedrock emulator: your call arrived.';

/** Characters of what somebody wrote that are said back. */
const LONGEST_QUOTE = 200;
/** Characters of a tool call's arguments in one piece: enough pieces to be put together wrongly. */
const ARGUMENTS_PART = 6;

/**
 * Answers without a model, the same to the same request. It calls the first tool, or the one that is asked for, until a
 * tool has answered; gives JSON where JSON is asked for; and else says that it is an emulator, and what it has read. Tokens
 * are counted as words, for there is no tokenizer.
 */
export const emulatedAuthor: Author = async function* (asked, service) {
  const promptTokens = asked.messages.reduce((sum, { text }) => sum + tokens(text).length, 0);
  const pieces = compose(asked, service);
  let completionTokens = 0;
  for (let choice = 0; choice < asked.choices; choice += 1) {
    const said = pieces.slice(0, asked.maxTokens);
    completionTokens += said.length;
    for (const piece of said) {
      await service.clock.sleep(service.switches.tokenMilliseconds);
      yield { ...piece, choice };
    }
    yield { kind: 'finish', choice, reason: said.length < pieces.length ? 'length' : endOf(pieces, service) };
  }
  yield { kind: 'usage', usage: { promptTokens, completionTokens } };
};

type Said = Exclude<Piece, { readonly kind: 'finish' | 'usage' }>;

function endOf(pieces: readonly Said[], { switches }: Service): string {
  if (switches.answerEnds === 'filtered') return 'content_filter';
  return pieces.some(({ kind }) => kind === 'call') ? 'tool_calls' : 'stop';
}

function compose(asked: Asked, service: Service): readonly Said[] {
  const thoughts = asked.kind === 'text' ? [] : said('reasoning', THOUGHT);
  const called = toolsToCall(asked, service);
  if (called.length === 0) return [...thoughts, ...said('text', stopped(contentFor(asked), asked.stop))];
  return [...thoughts, ...called.flatMap((tool, call) => callOf(tool, call, service))];
}

/** A required call is made each time; one that the model may choose, until the last message is a tool's answer. */
function toolsToCall({ tools, toolChoice, messages }: Asked, { switches }: Service): readonly Tool[] {
  if (toolChoice === 'none' || (toolChoice === 'auto' && messages.at(-1)?.role === 'tool')) return [];
  if (typeof toolChoice === 'string') return switches.toolsCalled === 'every' ? tools : tools.slice(0, 1);
  const chosen = tools.find(({ name }) => name === toolChoice.name);
  if (!chosen) throw malformed(`tool_choice names '${toolChoice.name}', which is not among the tools`);
  return [chosen];
}

function callOf({ name, schema }: Tool, call: number, { newId }: Service): readonly Said[] {
  const text = JSON.stringify(valid(schema));
  const parts = text.match(new RegExp(`[^]{1,${ARGUMENTS_PART}}`, 'g')) ?? [];
  return [
    { kind: 'call', choice: 0, call, id: `chatcmpl-tool-${newId()}`, name, arguments: '' },
    ...parts.map((part): Said => ({ kind: 'call', choice: 0, call, arguments: part })),
  ];
}

function contentFor({ kind, format, messages }: Asked): string {
  const last = messages.at(-1);
  const read = `${last?.role === 'tool' ? 'The tool answered' : 'You wrote'}: “${(last?.text ?? '').slice(0, LONGEST_QUOTE)}”`;
  switch (format.kind) {
    case 'text':
      return kind === 'text' ? ` ${GREETING} ${read}` : `${GREETING} ${read}`;
    case 'json':
      return JSON.stringify({ emulator: GREETING, read });
    case 'schema':
      return JSON.stringify(valid(format.schema));
    case 'choice':
      return format.choices[0] ?? '';
  }
}

function valid(schema: unknown): unknown {
  try {
    return instanceOf(schema);
  } catch (error) {
    if (error instanceof NoInstance)
      throw malformed(`the Bedrock emulator finds no value for the schema: ${error.message}`);
    throw error;
  }
}

/** Up to the first of the stop sequences. */
function stopped(text: string, stop: readonly string[]): string {
  const ends = stop.map((sequence) => text.indexOf(sequence)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

function said(kind: 'reasoning' | 'text', text: string): readonly Said[] {
  return tokens(text).map((token) => ({ kind, choice: 0, text: token }));
}

/** Words, each with the blanks before it. */
function tokens(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
