import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type GuardrailTrace,
  type Trace,
} from '@aws-sdk/client-bedrock-runtime';
import { converseEvent, converseReply } from './converse-answer';
import { RuntimeFailed, type ConverseCall, type Guardrail, type InvokeCall, type Runtime } from './port';

export type { BedrockRuntimeClient };

const JSON_TYPE = 'application/json';
const TRACES = { enabled: 'ENABLED', enabled_full: 'ENABLED_FULL', disabled: 'DISABLED' } satisfies Record<
  string,
  Trace
>;

/** Bedrock's runtime through AWS's SDK. It never retries by itself: whoever calls knows what is worth it. */
export function bedrockRuntime(settings: {
  readonly region?: string;
  readonly endpoint?: string;
  readonly client?: BedrockRuntimeClient;
}): Runtime {
  const { region, endpoint } = settings;
  const client =
    settings.client ??
    new BedrockRuntimeClient({ maxAttempts: 1, ...(region && { region }), ...(endpoint && { endpoint }) });
  return {
    invoke: (call, abortSignal) =>
      named(async () => {
        const { body, $metadata } = await client.send(new InvokeModelCommand(invokeInput(call)), { abortSignal });
        return { requestId: $metadata.requestId ?? '', body };
      }),

    invokeStream: (call, abortSignal) =>
      named(async () => {
        const command = new InvokeModelWithResponseStreamCommand(invokeInput(call));
        const { body, $metadata } = await client.send(command, { abortSignal });
        return { requestId: $metadata.requestId ?? '', frames: frames(body ?? [], (event) => event.chunk?.bytes) };
      }),

    converse: (call, abortSignal) =>
      named(async () => {
        const answer = await client.send(new ConverseCommand(converseInput(call)), { abortSignal });
        return { requestId: answer.$metadata.requestId ?? '', reply: converseReply(answer) };
      }),

    converseStream: (call, abortSignal) =>
      named(async () => {
        const { stream, $metadata } = await client.send(new ConverseStreamCommand(converseInput(call)), {
          abortSignal,
        });
        return { requestId: $metadata.requestId ?? '', frames: frames(stream ?? [], converseEvent) };
      }),
  };
}

function invokeInput({ modelId, body, guardrail, serviceTier }: InvokeCall) {
  return {
    modelId,
    body,
    contentType: JSON_TYPE,
    accept: JSON_TYPE,
    ...(guardrail && {
      guardrailIdentifier: guardrail.id,
      guardrailVersion: guardrail.version,
      ...(guardrail.trace && { trace: TRACES[guardrail.trace] }),
    }),
    ...(serviceTier && { serviceTier }),
  };
}

function converseInput({ modelId, request, guardrail, serviceTier }: ConverseCall) {
  return {
    modelId,
    ...request,
    ...(guardrail && { guardrailConfig: converseGuardrail(guardrail) }),
    ...(serviceTier && { serviceTier: { type: serviceTier } }),
  };
}

function converseGuardrail({ id, version, trace }: Guardrail): {
  guardrailIdentifier: string;
  guardrailVersion: string;
  trace?: GuardrailTrace;
} {
  return { guardrailIdentifier: id, guardrailVersion: version, ...(trace && { trace }) };
}

/** The stream's events as we need them; what it breaks off with gets its name too. */
async function* frames<E, T>(
  events: AsyncIterable<E> | Iterable<E>,
  read: (event: E) => T | undefined,
): AsyncGenerator<T> {
  try {
    for await (const event of events) {
      const frame = read(event);
      if (frame !== undefined) yield frame;
    }
  } catch (error) {
    throw failed(error);
  }
}

async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failed(error);
  }
}

function failed(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const metadata = record(error, '$metadata');
  const status = numberAt(metadata, 'httpStatusCode');
  const requestId = metadata && 'requestId' in metadata ? metadata.requestId : undefined;
  if (error.message === 'Region is missing') {
    const advice = "no Region: give bedrockFetch() a 'region', or set AWS_REGION";
    return new RuntimeFailed('ValidationException', advice, {}, { cause: error });
  }
  return new RuntimeFailed(
    error.name,
    error.message,
    {
      ...(typeof requestId === 'string' && { requestId }),
      ...(status !== undefined && { status }),
      originalStatus: numberAt(error, 'originalStatusCode'),
    },
    { cause: error },
  );
}

function record(holder: object, name: string): object | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(holder, name)?.value;
  return typeof value === 'object' && value !== null ? value : undefined;
}

function numberAt(holder: object | undefined, name: string): number | undefined {
  const value: unknown = holder && Object.getOwnPropertyDescriptor(holder, name)?.value;
  return typeof value === 'number' ? value : undefined;
}
