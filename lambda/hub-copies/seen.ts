import type { CopyAttributes } from '../../lib/contract';
import type { CallFailed, StackMoment } from '../imported-model/port';
import type { Execution } from './port';

/** What one poll has seen so far. A field that is absent has not been looked at. */
export interface Seen {
  readonly now: number;
  readonly started: number;
  /** The stack as `onEvent` saw it. */
  readonly noted?: StackMoment;
  /** Executions that run: for this copy, or, for a Delete, of the state machine's copies. */
  readonly running?: readonly Execution[];
  /** The execution that this request may start. */
  readonly own?: Execution | 'none';
  /** The copy, if it is whole. */
  readonly copy?: Omit<CopyAttributes, 'Execution'> | 'none';
  readonly stack?: StackMoment;
  /** Whether the stack's template still has the resource. */
  readonly declared?: boolean;
  /** The resource's status as the stack tells it. */
  readonly resource?: string;
  /** Physical id that the resource has now. */
  readonly current?: string;
  /** Whether this poll has stopped executions. */
  readonly stopped?: boolean;
  /** Uploads that this poll has given up, of a copy whose objects stay. */
  readonly givenUp?: number;
  /** Objects that this poll has removed. */
  readonly removed?: number;
  /** Whether this poll has started the execution. */
  readonly asked?: boolean;
  /** A call that failed. */
  readonly trouble?: CallFailed;
}

export type Look = 'running' | 'own' | 'copy' | 'stack' | 'declared' | 'resource' | 'current';

/** The one next thing to do. */
export type Step =
  | { readonly do: 'look'; readonly at: Look }
  | { readonly do: 'start' }
  | { readonly do: 'stop'; readonly arns: readonly string[] }
  /** All copies of the bucket, but for one folder. */
  | { readonly do: 'remove'; readonly kept?: string }
  | { readonly do: 'give-up'; readonly prefix: string }
  | { readonly do: 'wait'; readonly why: string }
  | { readonly do: 'finish'; readonly why: string; readonly attributes?: CopyAttributes }
  | { readonly do: 'fail'; readonly why: string };

export const look = (at: Look): Step => ({ do: 'look', at });
export const wait = (why: string): Step => ({ do: 'wait', why });
export const fail = (why: string): Step => ({ do: 'fail', why });
