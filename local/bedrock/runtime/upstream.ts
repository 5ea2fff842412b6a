import { BedrockError } from '../errors';
import { isRecord } from '../shapes';
import type { Asked } from './asked';
import type { Author, Piece } from './author';
import { serverSentData } from './server-sent-events';

type Fields = Readonly<Record<string, unknown>>;

export interface UpstreamOptions {
  /** An OpenAI-compatible server, up to and without `/chat/completions`: `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  /** @default - the first of the server's models that has gpt-oss in its name, or else its first */
  readonly model?: string;
}

/** Lets a model on an OpenAI-compatible server write the answers: Ollama, llama.cpp, vLLM. */
export function upstreamAuthor({ url, model }: UpstreamOptions): Author {
  const base = url.replace(/\/+$/, '');
  return async function* (asked) {
    const name = model ?? (await firstModel(base));
    const path = asked.kind === 'chat' ? '/chat/completions' : '/completions';
    const response = await send(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyFor(asked, name)),
    });
    if (!response.ok || !response.body) throw refused(response.status, await response.text());
    yield* piecesOf(serverSentData(response.body));
  };
}

/** The fields that came, but Bedrock's own; streamed and with counts always, for the pieces are put together here. */
function bodyFor({ body, maxTokens }: Asked, model: string): Fields {
  const isOurs = (name: string): boolean => name === 'max_completion_tokens' || name.startsWith('amazon-bedrock');
  const fields = Object.fromEntries(Object.entries(body).filter(([name]) => !isOurs(name)));
  const limit = maxTokens === undefined ? {} : { max_tokens: maxTokens };
  return { ...fields, ...limit, model, stream: true, stream_options: { include_usage: true } };
}

async function firstModel(base: string): Promise<string> {
  const response = await send(`${base}/models`);
  const listed: unknown = response.ok ? await response.json() : undefined;
  const models = isRecord(listed) && Array.isArray(listed['data']) ? listed['data'] : [];
  const ids = models.map((model: unknown) => (isRecord(model) ? String(model['id']) : ''));
  const found = ids.find((id) => id.includes('gpt-oss')) ?? ids[0];
  if (found !== undefined) return found;
  throw new BedrockError('ModelErrorException', `The server at ${base} has no models`, { originalStatusCode: 404 });
}

async function send(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const { cause = error } = isRecord(error) ? error : {};
    const reason = isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : String(cause);
    throw new BedrockError('ModelErrorException', `The server at ${url} does not answer: ${reason}`);
  }
}

function refused(status: number, text: string): BedrockError {
  const message = `The model's server answered ${String(status)}: ${text.slice(0, 1000)}`;
  if (status === 429) return new BedrockError('ThrottlingException', message);
  return new BedrockError('ModelErrorException', message, {
    originalStatusCode: status,
    originalMessage: text.slice(0, 1000),
  });
}

async function* piecesOf(data: AsyncIterable<string>): AsyncGenerator<Piece> {
  let usage: Piece = { kind: 'usage', usage: { promptTokens: 0, completionTokens: 0 } };
  for await (const text of data) {
    const chunk: unknown = JSON.parse(text);
    if (!isRecord(chunk)) continue;
    if (chunk['error'] !== undefined) {
      throw new BedrockError(
        'ModelStreamErrorException',
        `The model's server broke off: ${JSON.stringify(chunk['error'])}`,
      );
    }
    for (const choice of records(chunk['choices'])) yield* choicePieces(choice);
    if (isRecord(chunk['usage'])) usage = { kind: 'usage', usage: counts(chunk['usage']) };
  }
  yield usage;
}

function* choicePieces(found: Fields): Generator<Piece> {
  const choice = numberOf(found['index']);
  const delta = isRecord(found['delta']) ? found['delta'] : {};
  const reasoning = delta['reasoning_content'] ?? delta['reasoning'];
  const text = delta['content'] ?? found['text'];
  if (typeof reasoning === 'string' && reasoning !== '') yield { kind: 'reasoning', choice, text: reasoning };
  if (typeof text === 'string' && text !== '') yield { kind: 'text', choice, text };
  for (const call of records(delta['tool_calls'])) {
    const named = isRecord(call['function']) ? call['function'] : {};
    const { name, arguments: part } = named;
    yield {
      kind: 'call',
      choice,
      call: numberOf(call['index']),
      ...(typeof call['id'] === 'string' && { id: call['id'] }),
      ...(typeof name === 'string' && { name }),
      arguments: typeof part === 'string' ? part : '',
    };
  }
  const reason = found['finish_reason'];
  if (typeof reason === 'string') yield { kind: 'finish', choice, reason };
}

function counts({ prompt_tokens: prompt, completion_tokens: completion }: Fields) {
  return { promptTokens: numberOf(prompt), completionTokens: numberOf(completion) };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function records(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
