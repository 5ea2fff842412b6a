import { isObject, parseJson, textIn } from '../json';
import { RuntimeFailed, type InvokeCall, type InvokeRuntime } from '../port';
import { Refusal, unauthenticated } from '../refusal';
import { addressOf, type EndpointAddress } from './endpoint-address';

/** Bedrock's own Chat Completions endpoint: OpenAI's format already, with a Bedrock API key. */
export function openAiEndpoint(send: typeof fetch, address: EndpointAddress, key: string | undefined): InvokeRuntime {
  const post = async (call: InvokeCall, signal: AbortSignal): Promise<Response> => {
    const response = await unlessCut(
      send(`${addressOf(address)}/chat/completions`, {
        method: 'POST',
        headers: headers(call, key),
        body: call.body,
        signal,
      }),
    );
    if (response.ok) return response;
    throw failure(response, await response.text());
  };
  return {
    invoke: async (call, signal) => {
      const response = await post(call, signal);
      return { requestId: requestIdOf(response), body: new Uint8Array(await unlessCut(response.arrayBuffer())) };
    },
    invokeStream: async (call, signal) => {
      const response = await post(call, signal);
      return { requestId: requestIdOf(response), frames: bytes(response) };
    },
  };
}

function headers({ guardrail, serviceTier }: InvokeCall, key: string | undefined): Record<string, string> {
  if (!key) throw unauthenticated("api: 'chat-completions' needs a Bedrock API key, as 'apiKey'");
  return {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    ...(guardrail && {
      'x-amzn-bedrock-guardrailidentifier': guardrail.id,
      'x-amzn-bedrock-guardrailversion': guardrail.version,
      ...(guardrail.trace && { 'x-amzn-bedrock-trace': guardrail.trace.toUpperCase() }),
    }),
    ...(serviceTier && { 'x-amzn-bedrock-service-tier': serviceTier }),
  };
}

function requestIdOf({ headers: given }: Response): string {
  return given.get('x-request-id') ?? given.get('x-amzn-requestid') ?? '';
}

/**
 * An error under Bedrock's name for it, if it has one; else it is OpenAI's already. A 429 without a name is thrown under the
 * one that is retried: here the status must do.
 */
function failure(response: Response, text: string): Error {
  const body = parseJson(text);
  const error = isObject(body) && isObject(body['error']) ? body['error'] : isObject(body) ? body : {};
  const message = textIn(error['message']) ?? (text.slice(0, 500) || `status ${response.status}`);
  const requestId = requestIdOf(response);
  const { status } = response;
  const name = response.headers.get('x-amzn-errortype')?.split(':')[0] ?? (status === 429 && 'ThrottlingException');
  if (name) return new RuntimeFailed(name, message, { ...(requestId && { requestId }), status });
  const code = textIn(error['code']) ?? null;
  return new Refusal(
    status,
    {
      message,
      type: textIn(error['type']) ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: textIn(error['param']) ?? null,
      code,
      bedrock: { name: code ?? String(status), ...(requestId && { requestId }) },
    },
    status >= 500,
  );
}

async function* bytes({ body }: Response): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  for (;;) {
    const { done, value } = await unlessCut(reader.read());
    if (done) return;
    yield value;
  }
}

async function unlessCut<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    // an error of another realm, such as a test's, is none here
    const { name, message } = error instanceof Error ? error : { name: 'TypeError', message: String(error) };
    throw new RuntimeFailed(name, message, {}, { cause: error });
  }
}
