import fc from 'fast-check';
import type { Switches } from '../../../local/cloudformation/switches';
import type { PlannedFault, ProviderPlan } from '../../lifecycle/faults';
import { COMMITS, type Ending } from './account';
import type { OtherPlan } from './app';

export type Deed = 'cancel' | 'destroy' | 'branch-moves' | 'hub-goes';

export interface Meanwhile {
  /** Seconds after the operation has begun. */
  readonly after: number;
  readonly deed: Deed;
}

export interface PlannedCopy {
  readonly revision: string;
  readonly isOwn: boolean;
  readonly links: 1 | 2 | 3;
  readonly accepts: string;
}

export type Chapter =
  | {
      readonly what: 'deploy';
      /** None: the copy is removed from the stack. */
      readonly copy: PlannedCopy | undefined;
      readonly other: OtherPlan;
      readonly meanwhile: readonly Meanwhile[];
    }
  | { readonly what: 'destroy' }
  | { readonly what: 'pass'; readonly minutes: number };

/** What happens in an account, from an empty one on. */
export interface History {
  readonly chapters: readonly Chapter[];
  readonly calls: readonly PlannedFault[];
  readonly late: ProviderPlan['late'];
  readonly endings: readonly Ending[];
  readonly secondsPerCopy: number;
  readonly secondsToBeListed: number;
  readonly secondsInFlight: number;
  readonly cloudFormation: Switches;
}

/** Calls that the handler makes. */
const OPERATIONS = [
  'ListExecutions', 'DescribeExecution', 'StartExecution', 'StopExecution', 'GetObject', 'DeleteObjects', 'DescribeStacks',
  'DescribeStackResources', 'GetTemplate', 'Invoke',
]; // prettier-ignore

const often = <T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    ...rare.map((value) => ({ weight: 1, arbitrary: fc.constant(value) })),
  );

const copy: fc.Arbitrary<PlannedCopy> = fc.record({
  revision: fc.constantFrom(COMMITS.v1, COMMITS.v2, COMMITS.v1, COMMITS.v2, 'main', 'main', 'tag', 'v9'),
  isOwn: often(true, false),
  links: often<1 | 2 | 3>(1, 2, 3),
  accepts: fc.constantFrom('', '', 'a'),
});

const other: fc.Arbitrary<OtherPlan> = fc.record({
  seconds: fc.constantFrom(0, 5, 17, 60, 700),
  failsOn: often<OtherPlan['failsOn']>('', 'Create', 'Update'),
  beside: fc.boolean(),
  change: fc.integer({ min: 1, max: 3 }),
});

const meanwhile = fc.record({
  after: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3500 })),
  deed: fc.constantFrom<Deed>('cancel', 'cancel', 'destroy', 'branch-moves', 'branch-moves', 'hub-goes'),
});

const chapter: fc.Arbitrary<Chapter> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('deploy' as const),
      copy: fc.option(copy, { nil: undefined, freq: 6 }),
      other,
      meanwhile: fc.array(meanwhile, { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('destroy' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('pass' as const), minutes: fc.integer({ min: 0, max: 200 }) }),
  },
);

const callFault: fc.Arbitrary<PlannedFault> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  skip: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 60 })),
  times: often(1, 2, 5, 100),
  kind: fc.constantFrom(
    'throttled',
    'server-error',
    'timeout-before',
    'timeout-after',
    'timeout-late',
    'denied',
    'invalid',
    'kill-before',
    'kill-after',
  ),
});

const late = fc.record({
  nth: fc.integer({ min: 0, max: 8 }),
  seconds: fc.constantFrom(0, 3, 120),
  again: fc.option(fc.constantFrom(0, 1, 60, 4000), { nil: undefined }),
});

export const history: fc.Arbitrary<History> = fc.record({
  chapters: fc.array(chapter, { minLength: 1, maxLength: 5 }),
  calls: fc.oneof(fc.constant([]), fc.array(callFault, { maxLength: 4 })),
  late: fc.oneof(fc.constant([]), fc.array(late, { maxLength: 2 })),
  endings: fc.array(often<Ending>('copied', 'failed', 'hangs'), { maxLength: 5 }),
  secondsPerCopy: often(600, 4, 2900, 5400),
  secondsToBeListed: often(0, 3),
  secondsInFlight: often(0, 5, 15),
  cloudFormation: fc.record({
    failedUpdate: fc.constantFrom('keeps-new', 'keeps-old', 'keeps-old-deletes-new'),
    replacedRollback: fc.constantFrom('update', 'delete'),
  }),
});
