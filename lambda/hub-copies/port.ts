import type { CopyAttributes } from '../../lib/contract';
import { CallFailed, type Stacks } from '../imported-model/port';
import type { Place, WantedCopy } from './request';

/** The outside as the copies' handler needs it. Every call may throw a `CallFailed`. */
export interface Outside {
  readonly executions: Executions;
  readonly copies: Copies;
  readonly stacks: Stacks & Ids;
  /** The commit that a branch or tag is now. @throws UnknownRevision when nobody tells, with the reason */
  resolve(wanted: WantedCopy): Promise<string>;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  log(line: Record<string, unknown>): void;
}

export interface Executions {
  /** Those that run, of a name that begins so; none when the state machine is gone. */
  running(stateMachineArn: string, family: string): Promise<Execution[]>;
  /** Undefined when there never was one of that name. */
  find(stateMachineArn: string, name: string): Promise<Execution | undefined>;
  /** The same name and input twice start one execution. */
  start(stateMachineArn: string, name: string, input: object): Promise<void>;
  /** Does nothing to one that has ended. */
  stop(arn: string, why: string): Promise<void>;
}

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly status: 'running' | 'succeeded' | 'failed';
  /** Why it failed, in the words of the state machine's function; '' where nothing is said. */
  readonly cause: string;
}

export interface Copies {
  /** The copy at a place, if it is whole: its lock lies there, is of this commit, and lists what lies there. */
  whole(place: Place, repository: string, commit: string): Promise<Omit<CopyAttributes, 'Execution'> | undefined>;
  /**
   * Removes whatever lies below the folder of all copies, finished or not, but for one prefix; says how much it was. In a
   * bucket that is gone there is nothing.
   */
  removeAllBut(bucket: string, owner: string, kept: string | undefined): Promise<number>;
  /** Gives up what was begun at a place and is not finished; says how many uploads it was. */
  giveUp(place: Place, owner: string): Promise<number>;
}

export interface Ids {
  /** Physical id of one resource of the stack; '' when the stack has none of that logical id. */
  physicalId(stackId: string, logicalId: string): Promise<string>;
}

/**
 * A revision could not be resolved; the message says all of it. By its kind the Hub doesn't know it, or won't tell
 * (`invalid`), the copying function may not read the token, perhaps not yet (`denied`), or it broke off (`passing`).
 */
export class UnknownRevision extends CallFailed {
  constructor(message: string, kind: 'invalid' | 'denied' | 'passing' = 'invalid') {
    super(kind, 'Invoke', message);
  }
}
