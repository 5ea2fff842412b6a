import type { CopyAttributes } from '../../lib/contract';
import type { CallFailed, StackMoment } from '../imported-model/port';
import type { Execution } from './port';

/** What one poll has seen so far. A field that is absent has not been looked at. */
export interface Seen {
  readonly now: number;
  readonly started: number;
  /** The stack as `onEvent` saw it. */
  readonly noted?: StackMoment;
  /** Executions for this copy that run. */
  readonly running?: readonly Execution[];
  /** The execution that this request may start. */
  readonly own?: Execution | 'none';
  /** The copy, if it is whole. */
  readonly copy?: Omit<CopyAttributes, 'Execution'> | 'none';
  readonly stack?: StackMoment;
  /** Whether the stack's template still has the resource. */
  readonly declared?: boolean;
  /** Physical id that the resource has now. */
  readonly current?: string;
  /** Executions that this poll has stopped. */
  readonly stopped?: boolean;
  /** Objects that this poll has removed. */
  readonly removed?: number;
  readonly asked?: boolean;
  /** A call that failed. */
  readonly trouble?: CallFailed;
}

export type Look = 'running' | 'own' | 'copy' | 'stack' | 'declared' | 'current';

/** The one next thing to do. */
export type Step =
  | { readonly do: 'look'; readonly at: Look }
  | { readonly do: 'start' }
  | { readonly do: 'stop'; readonly arn: string }
  | { readonly do: 'remove'; readonly kept?: string }
  | { readonly do: 'wait'; readonly why: string }
  | { readonly do: 'finish'; readonly why: string; readonly attributes?: CopyAttributes }
  | { readonly do: 'fail'; readonly why: string };

export const look = (at: Look): Step => ({ do: 'look', at });
export const wait = (why: string): Step => ({ do: 'wait', why });
export const fail = (why: string): Step => ({ do: 'fail', why });
