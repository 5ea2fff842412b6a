import { isObject, parseJson, textIn } from '../json';
import { RuntimeFailed, type InvokeCall, type InvokeRuntime } from '../port';
import { badRequest, Refusal } from '../refusal';

/** Bedrock's own Chat Completions endpoint: OpenAI's format already, with a Bedrock API key. */
export function openAiEndpoint(
  send: typeof fetch,
  address: { readonly endpoint?: string; readonly region?: string },
  key: string | undefined,
): InvokeRuntime {
  const post = async (call: InvokeCall, signal: AbortSignal): Promise<Response> => {
    const response = await unlessCut(
      send(`${base(address)}/chat/completions`, {
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

function base({ endpoint, region }: { readonly endpoint?: string; readonly region?: string }): string {
  if (endpoint) return endpoint.replace(/\/+$/, '');
  if (region) return `https://bedrock-runtime.${region}.amazonaws.com/openai/v1`;
  throw badRequest("api: 'chat-completions' needs the option 'region'", null, 'region_missing');
}

function headers({ guardrail, serviceTier }: InvokeCall, key: string | undefined): Record<string, string> {
  if (!key) throw badRequest("api: 'chat-completions' needs a Bedrock API key, as 'apiKey'", null, 'invalid_api_key');
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

/** Errors are OpenAI's already. A 429 is thrown under the name that is retried: this endpoint gives none, so the status must do. */
function failure(response: Response, text: string): Error {
  const body = parseJson(text);
  const error = isObject(body) && isObject(body['error']) ? body['error'] : isObject(body) ? body : {};
  const message = textIn(error['message']) ?? (text.slice(0, 500) || `status ${response.status}`);
  const requestId = requestIdOf(response);
  if (response.status === 429) return new RuntimeFailed('ThrottlingException', message, { requestId, status: 429 });
  const name =
    response.headers.get('x-amzn-errortype')?.split(':')[0] ?? textIn(error['code']) ?? String(response.status);
  return new Refusal(
    response.status,
    {
      message,
      type: textIn(error['type']) ?? (response.status < 500 ? 'invalid_request_error' : 'server_error'),
      param: textIn(error['param']) ?? null,
      code: textIn(error['code']) ?? null,
      bedrock: { name, ...(requestId && { requestId }) },
    },
    response.status >= 500,
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
    if (!(error instanceof Error)) throw error;
    throw new RuntimeFailed(error.name, error.message, {}, { cause: error });
  }
}
