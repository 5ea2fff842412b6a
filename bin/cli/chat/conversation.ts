import type { JsonObject } from '../../../chat/json';
import { coloursFor } from '../colours';
import { explained } from '../explained';
import type { Out } from '../out';
import { answerOf } from './answer';
import type { Lines } from './keyboard';
import type { Loading } from './loading';
import { messageOf, NOTHING_SAID, withDelta, type Turn } from './turn';
import { harmless, voice } from './voice';

/** All that an answer needs beside the question. */
export interface Chat {
  readonly talk: typeof fetch;
  /** What every request has beside its messages. */
  readonly fields: JsonObject;
  /** What the model is told before all else; one message or none. */
  readonly system: readonly JsonObject[];
  readonly loading: Loading;
  readonly showsReasoning: boolean;
  readonly out: Out;
  /** Of the AWS configuration, where a flag names one. */
  readonly profile?: string;
}

/** One question, its answer shown while it comes. @throws what stopped it; what was said until then is shown */
export async function answerOnce(chat: Chat, question: string, signal: AbortSignal): Promise<void> {
  const heard = await listen(chat, [...chat.system, user(question)], signal);
  if (heard.failure) throw heard.failure;
}

/** What other programs at a prompt are left by, and nobody asks a model. */
const LEAVING: ReadonlySet<string> = new Set(['exit', 'quit', '/exit', '/quit', '/bye']);

const HELPING: ReadonlySet<string> = new Set(['/help', '/?']);

const HELP = `Every line is a question, with those before it for its history.
Ctrl-C     stops an answer; twice, the program
Ctrl-D     ends, as do exit, quit, /exit, /quit and /bye
/help, /?  this text
`;

/** Questions and answers until there are no more questions. */
export async function converse(chat: Chat, lines: Lines): Promise<void> {
  let history = chat.system;
  for (;;) {
    const question = await lines.next('> ');
    if (question === undefined || LEAVING.has(question.trim())) return;
    if (HELPING.has(question.trim())) chat.out.stderr.write(HELP);
    else if (question.trim() !== '') history = await exchange(chat, lines, history, user(question));
  }
}

/** The history with this question and what came of it; without it if nothing did, so that it can be asked again. */
async function exchange(chat: Chat, lines: Lines, before: readonly JsonObject[], question: JsonObject) {
  let history: readonly JsonObject[] = [...before, question];
  for (;;) {
    const { turn, failure, isStopped } = await lines.stoppable((signal) => listen(chat, history, signal));
    if (failure && !isStopped) complain(chat, failure);
    // a call whose arguments are cut off cannot be answered
    if (failure) return turn.content === '' ? before : [...history, messageOf({ ...turn, calls: [] })];
    history = [...history, messageOf(turn)];
    if (turn.calls.length === 0) return history;
    for (const { id, name } of turn.calls) {
      const result = await lines.next(`result of ${harmless(name)}> `);
      if (result === undefined) return before;
      history = [...history, { role: 'tool', tool_call_id: id, content: result }];
    }
  }
}

interface Heard {
  readonly turn: Turn;
  readonly failure?: Error;
  readonly isStopped: boolean;
}

async function listen(chat: Chat, messages: readonly JsonObject[], signal: AbortSignal): Promise<Heard> {
  const { say, end } = voice(chat.out, chat.showsReasoning);
  let turn = NOTHING_SAID;
  let failure: Error | undefined;
  try {
    for await (const delta of answerOf(chat.talk, { ...chat.fields, messages: [...messages] }, signal)) {
      chat.loading.end();
      say(delta);
      turn = withDelta(turn, delta);
    }
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  chat.loading.end();
  end(failure ? [] : turn.calls, turn.finish);
  return { turn, isStopped: signal.aborted, ...(failure && { failure }) };
}

function complain({ out, profile }: Chat, failure: Error): void {
  out.stderr.write(`${coloursFor(out.stderr, out).red('error:')} ${explained(failure, out.env, profile)}\n`);
}

function user(content: string): JsonObject {
  return { role: 'user', content };
}
