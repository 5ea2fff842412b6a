import { LARGEST_BODY } from './call/ask-invoke';
import type { Asking } from './call/asking';
import { chatCompletions } from './chat-completions';
import type { Clock } from './clock';
import { isObject, parseJson, type JsonObject } from './json';
import { openLine } from './call/line';
import { listModels, retrieveModel } from './models';
import type { EndpointAddress } from './call/endpoint-address';
import { openAiEndpoint } from './call/openai-endpoint';
import type { BedrockFetchOptions } from './options';
import type { Runtime } from './port';
import { badRequest, errorResponse, notFound, Refusal } from './refusal';
import { settingsOf, type Settings } from './settings';
import { textCompletions } from './text-completions';

/**
 * A `fetch` that answers as OpenAI's API does, out of a runtime; what goes wrong there is an answer too. `elsewhere` is where
 * Bedrock's OpenAI endpoint is if the options don't say.
 */
export function openAiFetch(
  options: BedrockFetchOptions,
  runtimeFor: (settings: Settings) => Runtime,
  clock: Clock,
  elsewhere: EndpointAddress = {},
): typeof fetch {
  const settings = settingsOf(options);
  const runtime = runtimeFor(settings);
  const address = {
    endpoint: options.endpoint ?? elsewhere.endpoint,
    region: settings.region ?? elsewhere.region,
  };
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const line = openLine(init?.signal ?? request?.signal, clock);
    const endpoint = () => {
      const key = options.apiKey ?? bearer(new Headers(init?.headers ?? request?.headers));
      return openAiEndpoint(options.fetch ?? fetch, address, key);
    };
    try {
      line.signal.throwIfAborted();
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const body = () => bodyOf(init?.body ?? request?.body);
      const method = init?.method ?? request?.method ?? 'GET';
      return await route(method, pathname, body, { settings, runtime, endpoint, line, clock });
    } catch (error) {
      line.close();
      if (error instanceof Refusal) return errorResponse(error);
      throw error;
    }
  };
}

async function route(method: string, path: string, body: () => Promise<JsonObject>, asking: Asking): Promise<Response> {
  if (method === 'POST' && path.endsWith('/chat/completions')) return chatCompletions(await body(), asking);
  if (method === 'POST' && path.endsWith('/completions')) return textCompletions(await body(), asking);
  const id = /\/models\/(.+)$/.exec(path)?.[1];
  if (method === 'GET' && path.endsWith('/models')) return listModels(asking.settings);
  if (method === 'GET' && id !== undefined) return retrieveModel(asking.settings, decodeURIComponent(id));
  if (path.endsWith('/responses')) {
    throw notFound(
      'The Responses API is not served for models on Bedrock runtime: use chat.completions.create()',
      null,
      'unknown_url',
    );
  }
  throw notFound(
    `${method} ${path} is not served: there are chat.completions, completions and models`,
    null,
    'unknown_url',
  );
}

async function bodyOf(body: RequestInit['body']): Promise<JsonObject> {
  const text = typeof body === 'string' ? body : await new Response(body).text();
  if (text.length > LARGEST_BODY) {
    throw badRequest(`The request has over 25,000,000 bytes, which is Bedrock's limit`, null, 'request_too_large');
  }
  const value = parseJson(text);
  if (!isObject(value)) throw badRequest("The request's body is not a JSON object");
  return value;
}

function bearer(headers: Headers): string | undefined {
  return /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1];
}
