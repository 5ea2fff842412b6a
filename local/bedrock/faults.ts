import { isOperationName, type OperationName } from './operations';
import { isRecord } from './shapes';

const callFaultKinds = [
  'throttle',
  'server-error',
  'timeout-before',
  'timeout-after',
  'access-denied',
  'slow',
] as const;

/** Something that goes wrong with the next calls of an operation. */
export interface CallFault {
  readonly operation: OperationName;
  /**
   * The two time-outs cut the connection without an answer: `timeout-before` before the call takes effect,
   * `timeout-after` after it has. `slow` takes effect and answers, `milliseconds` later.
   */
  readonly kind: (typeof callFaultKinds)[number];
  /** How many calls it strikes. @default 1 */
  readonly times?: number;
  /** For `slow`. @default 1000 */
  readonly milliseconds?: number;
}

/** The next jobs created fail, with this message. */
export interface JobFault {
  readonly kind: 'job-failure';
  readonly message: string;
  /** How many jobs fail. @default 1 */
  readonly times?: number;
}

export type Fault = CallFault | JobFault;

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
    return this.#take((fault): fault is CallFault => fault.kind !== 'job-failure' && fault.operation === operation);
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

/** A fault from JSON. Throws an Error that says what is wrong with it. */
export function parseFault(input: unknown): Fault {
  if (!isRecord(input)) throw new Error(`a fault must be an object, got ${JSON.stringify(input)}`);
  const { kind, operation, message, times = 1, milliseconds } = input;
  if (!Number.isSafeInteger(times) || Number(times) < 1) throw new Error(`'times' must be a whole number, 1 or more`);
  if (kind === 'job-failure') {
    if (typeof message !== 'string') throw new Error(`a job-failure must have a 'message'`);
    return { kind, message, times: Number(times) };
  }
  const known = callFaultKinds.find((name) => name === kind);
  if (!known) throw new Error(`'kind' must be one of ${callFaultKinds.join(', ')}, job-failure`);
  if (!isOperationName(operation))
    throw new Error(`'operation' must name an operation, got ${JSON.stringify(operation)}`);
  if (milliseconds === undefined) return { kind: known, operation, times: Number(times) };
  if (typeof milliseconds !== 'number' || milliseconds < 0) throw new Error(`'milliseconds' must be zero or more`);
  return { kind: known, operation, times: Number(times), milliseconds };
}
