import type { ImportAttributes } from '../../lib/contract';
import type { Finding } from '../../weights/finding';
import type { Upload } from '../../weights/upload-state';
import type { CallFailed, Job, Model, NamedModel, OwnedModel, StackMoment, TagMap, UnsettledJob } from './port';

/** What one poll has seen so far. A field that is absent has not been looked at. */
export interface Seen {
  readonly now: number;
  readonly started: number;
  /** The stack as `onEvent` saw it. */
  readonly noted?: StackMoment;
  /** The job that this request may make. */
  readonly job?: Job | 'none';
  /** The model with the wanted name. */
  readonly model?: Model | 'none';
  /** The model that an update replaces, looked at only if it is to be kept. */
  readonly replaced?: Model | 'none';
  /** Tags of the job that made an untagged model. */
  readonly maker?: TagMap;
  readonly upload?: Upload;
  /** How the weights differ from the lock file that pins them. */
  readonly lock?: readonly string[];
  /** Errors of the weights that nobody has accepted. */
  readonly errors?: readonly Finding[];
  /** Jobs anywhere in the account that run or have just completed. */
  readonly unsettled?: readonly UnsettledJob[];
  /** Models and unsettled jobs that carry our marks. */
  readonly owned?: { readonly models: readonly OwnedModel[]; readonly jobs: readonly UnsettledJob[] };
  /** Every model in the account. */
  readonly models?: readonly NamedModel[];
  readonly stack?: StackMoment;
  /** Status of the request's own resource. */
  readonly resource?: string;
  /** Whether the stack's template still has the resource. */
  readonly declared?: boolean;
  /** ARNs of models that this poll has deleted; they may still be there for a while. */
  readonly deleted?: readonly string[];
  /** True when this poll has given a job that was just made time to be listed. */
  readonly paused?: boolean;
  /** What Bedrock answered to the job that this poll asked for. */
  readonly asked?: 'accepted' | CallFailed;
  /** A call that failed: looking, tagging or deleting. */
  readonly trouble?: CallFailed;
}

export type Look =
  | 'job'
  | 'model'
  | 'namesake'
  | 'replaced'
  | 'maker'
  | 'upload'
  | 'lock'
  | 'errors'
  | 'unsettled'
  | 'owned'
  | 'models'
  | 'stack'
  | 'resource'
  | 'declared';

/** The one next thing to do. */
export type Step =
  | { readonly do: 'look'; readonly at: Look }
  | { readonly do: 'create' }
  | { readonly do: 'mark'; readonly arn: string; readonly set: TagMap; readonly drop: readonly string[] }
  | { readonly do: 'delete'; readonly model: NamedModel; readonly why: string }
  /** Waits within the poll, then looks at the account's jobs again. */
  | { readonly do: 'pause'; readonly milliseconds: number; readonly why: string }
  | { readonly do: 'wait'; readonly why: string }
  | { readonly do: 'finish'; readonly why: string; readonly attributes?: ImportAttributes }
  | { readonly do: 'fail'; readonly why: string };

export const look = (at: Look): Step => ({ do: 'look', at });
export const wait = (why: string): Step => ({ do: 'wait', why });
export const fail = (why: string): Step => ({ do: 'fail', why });
