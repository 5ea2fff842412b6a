/** OpenAI's error object, and beside its fields what Bedrock called the error. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  /** The field that is wrong, such as `messages[1].content`. */
  readonly param: string | null;
  readonly code: string | null;
  readonly bedrock?: { readonly name: string; readonly requestId?: string };
}

/** A request that ends in an error of OpenAI's shape: as an answer with this status, or inside a stream that has begun. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly error: OpenAiError,
    /** True when the same request may succeed soon and has not been retried here. */
    readonly worthRetrying = false,
    options?: ErrorOptions,
  ) {
    super(error.message, options);
  }
}

/** A request that is wrong in itself: status 400, which the `openai` package raises as `BadRequestError`. */
export function badRequest(message: string, param: string | null = null, code: string | null = null): Refusal {
  return new Refusal(400, { message, type: 'invalid_request_error', param, code });
}

/** A call without a key: status 401, raised as `AuthenticationError`. */
export function unauthenticated(message: string): Refusal {
  return new Refusal(401, { message, type: 'authentication_error', param: null, code: 'invalid_api_key' });
}

/** Something that is not here: status 404, raised as `NotFoundError`. */
export function notFound(message: string, param: string | null = null, code: string | null = null): Refusal {
  return new Refusal(404, { message, type: 'invalid_request_error', param, code });
}

/** An answer of Bedrock's that cannot be used: status 502, raised as `InternalServerError`. */
export function brokenAnswer(message: string, code = 'broken_answer'): Refusal {
  return new Refusal(502, { message, type: 'server_error', param: null, code });
}

export function errorResponse({ status, error, worthRetrying }: Refusal): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'x-should-retry': String(worthRetrying) });
  if (error.bedrock) headers.set('x-amzn-errortype', error.bedrock.name);
  if (error.bedrock?.requestId) headers.set('x-request-id', error.bedrock.requestId);
  return new Response(JSON.stringify({ error }), { status, headers });
}
