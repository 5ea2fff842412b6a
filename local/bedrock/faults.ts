import { isErrorName, type ErrorName } from './errors';
import { isOperationName, type OperationName } from './operations';
import { isRecord } from './shapes';

const callFaultKinds = [
  'throttle',
  'server-error',
  'timeout-before',
  'timeout-after',
  'access-denied',
  'slow',
  'error',
] as const;

const streamFaultKinds = [
  'stream-error',
  'stream-cut',
  'stream-truncated',
  'stream-corrupt',
  'stream-stall',
  'stream-endless',
] as const;

const streamOperations = ['InvokeModelWithResponseStream', 'ConverseStream'] as const;

/** Something that goes wrong with the next calls of an operation. */
export interface CallFault {
  readonly operation: OperationName;
  /**
   * The two time-outs cut the connection without an answer: `timeout-before` before the call takes effect,
   * `timeout-after` after it has. `slow` takes effect and answers, `milliseconds` later. `error` refuses with any of
   * Bedrock's exceptions.
   */
  readonly kind: (typeof callFaultKinds)[number];
  /** How many calls it strikes. @default 1 */
  readonly times?: number;
  /** For `slow`. @default 1000 */
  readonly milliseconds?: number;
  /** For `error`. @default 'InternalServerException' */
  readonly error?: ErrorName;
  /** For `error`. @default - the exception's name */
  readonly message?: string;
}

/** Something that goes wrong in the middle of the next streams. */
export interface StreamFault {
  readonly operation: (typeof streamOperations)[number];
  /**
   * `stream-error` ends with an exception, `stream-cut` with the connection, `stream-truncated` in the middle of a frame;
   * `stream-corrupt` sends a frame with a wrong checksum; `stream-stall` sends nothing more, `stream-endless` the last frame
   * again and again.
   */
  readonly kind: (typeof streamFaultKinds)[number];
  /** How many good frames come first. @default 2 */
  readonly afterFrames?: number;
  /** For `stream-error`. @default 'ModelStreamErrorException' */
  readonly error?: ErrorName;
  /** For `stream-error`. @default - that the emulator was told to */
  readonly message?: string;
  /** How many streams it strikes. @default 1 */
  readonly times?: number;
}

/** The next jobs created fail, with this message. */
export interface JobFault {
  readonly kind: 'job-failure';
  readonly message: string;
  /** How many jobs fail. @default 1 */
  readonly times?: number;
}

export type Fault = CallFault | StreamFault | JobFault;

/** Faults on demand, each struck off when it has happened often enough. */
export class Faults {
  #pending: { readonly fault: Fault; left: number }[] = [];

  get pending(): readonly Fault[] {
    return this.#pending.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  add(...faults: readonly Fault[]): void {
    this.#pending.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
  }

  clear(): void {
    this.#pending = [];
  }

  takeCallFault(operation: OperationName): CallFault | undefined {
    return this.#take((fault): fault is CallFault => isCallFault(fault) && fault.operation === operation);
  }

  takeStreamFault(operation: StreamFault['operation']): StreamFault | undefined {
    return this.#take((fault): fault is StreamFault => isStreamFault(fault) && fault.operation === operation);
  }

  takeJobFault(): JobFault | undefined {
    return this.#take((fault): fault is JobFault => fault.kind === 'job-failure');
  }

  #take<F extends Fault>(wanted: (fault: Fault) => fault is F): F | undefined {
    for (const entry of this.#pending) {
      if (!wanted(entry.fault)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#pending = this.#pending.filter((other) => other !== entry);
      return entry.fault;
    }
    return undefined;
  }
}

function isCallFault(fault: Fault): fault is CallFault {
  return callFaultKinds.some((kind) => kind === fault.kind);
}

function isStreamFault(fault: Fault): fault is StreamFault {
  return streamFaultKinds.some((kind) => kind === fault.kind);
}

/** A fault from JSON. Throws an Error that says what is wrong with it. */
export function parseFault(input: unknown): Fault {
  if (!isRecord(input)) throw new Error(`a fault must be an object, got ${JSON.stringify(input)}`);
  const { kind, operation, message } = input;
  const times = wholeNumber('times', input['times'], 1) ?? 1;
  if (kind === 'job-failure') {
    if (typeof message !== 'string') throw new Error(`a job-failure must have a 'message'`);
    return { kind, message, times };
  }
  const said = { ...errorOf(input['error']), ...(typeof message === 'string' && { message }) };
  const streamKind = streamFaultKinds.find((name) => name === kind);
  if (streamKind) {
    const streaming = streamOperations.find((name) => name === operation);
    if (!streaming) throw new Error(`the 'operation' of ${streamKind} must be one of ${streamOperations.join(', ')}`);
    const afterFrames = wholeNumber('afterFrames', input['afterFrames'], 0);
    return {
      kind: streamKind,
      operation: streaming,
      times,
      ...said,
      ...(afterFrames !== undefined && { afterFrames }),
    };
  }
  const callKind = callFaultKinds.find((name) => name === kind);
  if (!callKind)
    throw new Error(`'kind' must be one of ${[...callFaultKinds, ...streamFaultKinds].join(', ')}, job-failure`);
  if (!isOperationName(operation))
    throw new Error(`'operation' must name an operation, got ${JSON.stringify(operation)}`);
  return { kind: callKind, operation, times, ...said, ...millisecondsOf(input['milliseconds']) };
}

function errorOf(error: unknown): { readonly error?: ErrorName } {
  if (error === undefined) return {};
  if (!isErrorName(error))
    throw new Error(`'error' must name one of Bedrock's exceptions, got ${JSON.stringify(error)}`);
  return { error };
}

function millisecondsOf(milliseconds: unknown): { readonly milliseconds?: number } {
  if (milliseconds === undefined) return {};
  if (typeof milliseconds !== 'number' || milliseconds < 0) throw new Error(`'milliseconds' must be zero or more`);
  return { milliseconds };
}

function wholeNumber(name: string, value: unknown, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`'${name}' must be a whole number, ${String(least)} or more`);
}
