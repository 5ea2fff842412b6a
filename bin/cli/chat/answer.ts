import { isObject, objectsIn, parseJson, textIn, type JsonObject } from '../../../chat/json';

/** A piece of an answer, as it arrives. */
export interface Delta {
  readonly content: string;
  readonly reasoning: string;
  /** Pieces of calls, each with the place of its call among them. */
  readonly calls: readonly JsonObject[];
  /** Such as `stop` or `length`; in the last piece. */
  readonly finish?: string;
}

/** An error in OpenAI's form, whichever way it came. */
export class ChatFailed extends Error {
  /** Bedrock's own name for it, or the SDK's, by which its remedy is known; undefined where it has none. */
  readonly code: string | undefined;

  constructor(readonly error: JsonObject) {
    super(`${textIn(error['message']) ?? JSON.stringify(error)}${requestOf(error)}`);
    this.code = isObject(error['bedrock']) ? textIn(error['bedrock']['name']) : undefined;
  }
}

function requestOf({ bedrock }: JsonObject): string {
  const id = isObject(bedrock) ? textIn(bedrock['requestId']) : undefined;
  return id === undefined ? '' : ` (request ${id})`;
}

/** The whole answer, as OpenAI's object. @throws ChatFailed */
export async function completionOf(talk: typeof fetch, body: JsonObject, signal: AbortSignal): Promise<JsonObject> {
  const response = await post(talk, body, signal);
  const answer = parseJson(await response.text());
  if (isObject(answer)) return answer;
  throw new ChatFailed({ message: 'The answer is not JSON' });
}

/** The answer piece by piece. @throws ChatFailed */
export async function* answerOf(talk: typeof fetch, body: JsonObject, signal: AbortSignal): AsyncGenerator<Delta> {
  const { body: stream } = await post(talk, { ...body, stream: true }, signal);
  for await (const event of events(stream ?? [])) {
    if (event === '[DONE]') return;
    const chunk = parseJson(event);
    if (!isObject(chunk)) throw new ChatFailed({ message: 'A piece of the answer is not JSON' });
    if (isObject(chunk['error'])) throw new ChatFailed(chunk['error']);
    const [choice] = objectsIn(chunk['choices']);
    if (choice) yield deltaOf(choice);
  }
}

async function post(talk: typeof fetch, body: JsonObject, signal: AbortSignal): Promise<Response> {
  // the host is never called: this fetch knows where Bedrock is
  const address = 'https://api.openai.com/v1/chat/completions';
  const response = await talk(address, { method: 'POST', body: JSON.stringify(body), signal });
  if (response.ok) return response;
  const answer = parseJson(await response.text());
  const error = isObject(answer) ? answer['error'] : undefined;
  throw new ChatFailed(isObject(error) ? error : { message: `Status ${response.status}` });
}

/** The data of server-sent events, wherever the stream is cut. */
async function* events(stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of stream) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield part.replace(/^data: /, '');
  }
}

function deltaOf({ delta, finish_reason: finish }: JsonObject): Delta {
  const said = isObject(delta) ? delta : {};
  return {
    content: textIn(said['content']) ?? textIn(said['refusal']) ?? '',
    reasoning: textIn(said['reasoning_content']) ?? '',
    calls: objectsIn(said['tool_calls']),
    ...(typeof finish === 'string' && { finish }),
  };
}
