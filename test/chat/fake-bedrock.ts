import { Readable } from 'node:stream';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { bytes, readJson } from './fake-runtime';

/** What Bedrock sends back for one request, byte by byte as on the wire. */
export type WireAnswer =
  | { readonly status?: number; readonly errorType?: string; readonly body: object }
  | { readonly stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array> }
  | Error
  | 'never';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
  /** Aborted when the client gives the connection up. */
  readonly signal?: AbortSignal;
}

interface Given extends Omit<WireRequest, 'body' | 'signal'> {
  readonly body: Uint8Array;
}

/** AWS's real client, with only the part replaced that opens connections. */
export function fakeBedrock(...answers: WireAnswer[]): {
  readonly client: BedrockRuntimeClient;
  readonly requests: WireRequest[];
} {
  const requests: WireRequest[] = [];
  const handle = async (request: Given, options?: { readonly abortSignal?: AbortSignal }) => {
    const { method, path, headers, body } = request;
    requests.push({ method, path, headers: { ...headers }, body: readJson(body), signal: options?.abortSignal });
    const answer = answers[Math.min(requests.length, answers.length) - 1] ?? 'never';
    if (answer instanceof Error) throw answer;
    if (answer === 'never') return new Promise<never>(() => undefined);
    return { response: response(answer) };
  };
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      handle,
      metadata: { handlerProtocol: 'h2' },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
  return { client, requests };
}

function response(answer: Exclude<WireAnswer, Error | 'never'>) {
  const requestId = { 'x-amzn-requestid': 'req-wire' };
  if ('stream' in answer) {
    const type = 'application/vnd.amazon.eventstream';
    return { statusCode: 200, headers: { ...requestId, 'content-type': type }, body: Readable.from(answer.stream) };
  }
  const { status = 200, errorType, body } = answer;
  const headers = {
    ...requestId,
    'content-type': 'application/json',
    ...(errorType !== undefined && { 'x-amzn-errortype': errorType }),
  };
  return { statusCode: status, headers, body: Readable.from([bytes(body)]) };
}
