import type { Piece } from '../answer/piece';
import type { Clock } from '../clock';
import { RuntimeFailed, type InvokeRuntime, type Runtime } from '../port';
import { Refusal } from '../refusal';
import type { Settings } from '../settings';
import { streamResponse } from '../stream-response';
import { asRefusal, isNamed } from './bedrock-errors';
import { TimedOut, type Line } from './line';
import { patiently } from './patience';
import { FRAMES_A_CHOICE, type Limits, type Opened } from './stream-reading';

/** All that one request needs beside itself. */
export interface Asking {
  readonly settings: Settings;
  readonly runtime: Runtime;
  /** Bedrock's OpenAI endpoint, with this request's key. */
  endpoint(): InvokeRuntime;
  readonly line: Line;
  readonly clock: Clock;
}

/** One way to put a request to Bedrock: an operation, with the request already in its form. */
export interface Way {
  ask(limits: Limits): Promise<{ readonly requestId: string; readonly pieces: readonly Piece[] }>;
  askStream(limits: Limits): Promise<Opened<Piece>>;
}

/** What the caller wants to see of it. */
export interface Wanted {
  readonly modelId: string;
  readonly stream: boolean;
  /** How many choices were asked for. */
  readonly choices: number;
  whole(pieces: readonly Piece[]): object;
  chunks(pieces: AsyncIterable<Piece>): AsyncGenerator<object>;
}

/** Asks until there is an answer, and gives it the form that is wanted. */
export async function answered(way: Way, wanted: Wanted, { settings, line, clock }: Asking): Promise<Response> {
  const { timeout, idleTimeout, patience } = settings;
  const limits = { timeout, idleTimeout, frames: FRAMES_A_CHOICE * wanted.choices };
  const action = wanted.stream ? 'bedrock:InvokeModelWithResponseStream' : 'bedrock:InvokeModel';
  try {
    if (wanted.stream) {
      const { requestId, items } = await patiently(() => way.askStream(limits), patience, line, clock);
      const asError = (error: unknown) => inStream(error, action, wanted.modelId);
      return streamResponse(wanted.chunks(items), requestId, line, asError);
    }
    const { requestId, pieces } = await patiently(() => way.ask(limits), patience, line, clock);
    const answer = Response.json(wanted.whole(pieces), requestId ? { headers: { 'x-request-id': requestId } } : {});
    line.close();
    return answer;
  } catch (error) {
    // a stream that was opened and is not wanted any more must not go on
    line.cut(error);
    line.close();
    throw beforeAnswer(error, action, wanted.modelId);
  }
}

/** What `fetch` throws: its own kind of error where no answer came, which the `openai` package takes for the network's. */
function beforeAnswer(error: unknown, action: string, modelId: string): unknown {
  if (!(error instanceof RuntimeFailed)) return error;
  if (isNamed(error)) return asRefusal(error, action, modelId);
  if (error.bedrockName === 'TimeoutError') return new TimedOut(`timed out: ${error.message}`, { cause: error });
  return new TypeError(`fetch failed: ${error.bedrockName}: ${error.message}`, { cause: error });
}

/** After the status has been sent, all that went wrong must be told in the stream; only the caller's abort is no error. */
function inStream(error: unknown, action: string, modelId: string): unknown {
  if (error instanceof TimedOut) return broken(504, error.message, 'timeout', error);
  if (!(error instanceof RuntimeFailed)) return error;
  if (isNamed(error)) return asRefusal(error, action, modelId);
  return broken(502, `Bedrock's stream broke off: ${error.message}`, 'broken_stream', error);
}

function broken(status: number, message: string, code: string, cause: Error): Refusal {
  return new Refusal(status, { message, type: 'server_error', param: null, code }, false, { cause });
}
