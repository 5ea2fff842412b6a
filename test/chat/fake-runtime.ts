import type { ConverseEvent, ConverseReply, ConverseRequest } from '../../chat/converse-shapes';
import { RuntimeFailed, type ConverseCall, type InvokeCall, type Runtime } from '../../chat/port';

/** What the runtime does with one call. */
export type Reply =
  | { readonly body: object | string }
  | { readonly frames: readonly (object | Uint8Array | Error | 'never')[] }
  | { readonly converse: ConverseReply }
  | { readonly events: readonly (ConverseEvent | Error)[] }
  | Error
  | 'never';

export interface Call {
  readonly operation: 'invoke' | 'invokeStream' | 'converse' | 'converseStream';
  readonly modelId: string;
  readonly body?: Record<string, unknown>;
  readonly request?: ConverseRequest;
  readonly guardrail?: unknown;
  readonly serviceTier?: unknown;
  readonly signal: AbortSignal;
}

/** Answers each call with the next reply, and the last one again and again. */
export function fakeRuntime(...replies: Reply[]): Runtime & { readonly calls: Call[]; framesRead(): number } {
  const calls: Call[] = [];
  let framesRead = 0;
  const next = (): Reply => {
    const reply = replies[Math.min(calls.length, replies.length) - 1];
    if (reply === undefined) throw new Error('the test has no reply for this call');
    return reply;
  };
  const note = (operation: Call['operation'], call: InvokeCall | ConverseCall, signal: AbortSignal): void => {
    const { modelId, guardrail, serviceTier } = call;
    const sent = 'body' in call ? { body: readJson(call.body) } : { request: call.request };
    calls.push({ operation, modelId, ...sent, guardrail, serviceTier, signal });
  };
  const requestId = 'req-1';
  async function* playing<T>(items: readonly (T | Error | 'never')[]): AsyncGenerator<T> {
    for (const item of items) {
      if (item instanceof Error) throw item;
      if (item === 'never') await never();
      else {
        framesRead++;
        yield await Promise.resolve(item);
      }
    }
  }
  return {
    calls,
    framesRead: () => framesRead,
    invoke: async (call, signal) => {
      note('invoke', call, signal);
      const reply = next();
      if (reply instanceof Error) throw reply;
      if (reply === 'never' || !('body' in reply)) return never();
      return { requestId, body: bytes(reply.body) };
    },
    invokeStream: async (call, signal) => {
      note('invokeStream', call, signal);
      const reply = next();
      if (reply instanceof Error) throw reply;
      if (reply === 'never' || !('frames' in reply)) return never();
      const frames = reply.frames.map((frame) =>
        frame instanceof Error || frame === 'never' || frame instanceof Uint8Array ? frame : bytes(frame),
      );
      return { requestId, frames: playing(frames) };
    },
    converse: async (call, signal) => {
      note('converse', call, signal);
      const reply = next();
      if (reply instanceof Error) throw reply;
      if (reply === 'never' || !('converse' in reply)) return never();
      return { requestId, reply: reply.converse };
    },
    converseStream: async (call, signal) => {
      note('converseStream', call, signal);
      const reply = next();
      if (reply instanceof Error) throw reply;
      if (reply === 'never' || !('events' in reply)) return never();
      return { requestId, frames: playing(reply.events) };
    },
  };
}

/** An error as Bedrock answers it. */
export function bedrockError(name: string, message = 'as Bedrock words it', status = 400): RuntimeFailed {
  return new RuntimeFailed(name, message, { requestId: 'req-err', status });
}

/** An error inside a stream, which has neither status nor request id. */
export function frameError(name: string, message = 'as Bedrock words it'): RuntimeFailed {
  return new RuntimeFailed(name, message, {});
}

export function bytes(value: object | string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

export function readJson(body: Uint8Array): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder().decode(body));
  if (typeof value !== 'object' || value === null) throw new Error('the body is no JSON object');
  return { ...value };
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
