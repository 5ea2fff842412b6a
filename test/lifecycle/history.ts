import fc from 'fast-check';
import type { Switches as BedrockSwitches } from '../../local/bedrock/switches';
import type { Switches as CloudFormationSwitches } from '../../local/cloudformation/switches';
import type { ModelPlan, OtherPlan, StackPlan } from './apps';
import type { PlannedFault, ProviderPlan } from './faults';

/** Something that somebody does to the account while a stack operation runs, or between two. */
export type Deed =
  | 'cancel'
  | 'destroy'
  | 'delete-a-model'
  | 'use-the-models'
  | 'upload'
  | 'change-weights'
  | 'strangers-job'
  | 'take-our-names';

export interface Meanwhile {
  readonly after: number;
  readonly deed: Deed;
}

export type Chapter =
  | {
      readonly what: 'deploy';
      readonly stack: StackName;
      readonly plan: StackPlan;
      readonly meanwhile: readonly Meanwhile[];
    }
  /** What was last deployed, with little changed. */
  | {
      readonly what: 'again';
      readonly stack: StackName;
      readonly change: Partial<ModelPlan>;
      readonly other: OtherPlan | undefined;
      readonly meanwhile: readonly Meanwhile[];
    }
  | { readonly what: 'destroy'; readonly stack: StackName }
  | { readonly what: 'both'; readonly plan: StackPlan }
  | { readonly what: 'pass'; readonly minutes: number; readonly deed: Deed | undefined };

export type StackName = 'One' | 'Two';

/** What happens in an account, from an empty one on. */
export interface History {
  readonly chapters: readonly Chapter[];
  readonly calls: readonly PlannedFault[];
  readonly provider: ProviderPlan;
  readonly bedrock: Partial<BedrockSwitches>;
  readonly cloudFormation: CloudFormationSwitches;
}

export const GOOD_PREFIXES = ['v1', 'v2', 'v3'];
/** Its index has what Bedrock refuses, so its job fails. */
export const BAD_PREFIX = 'bad';

/** Calls that the handler makes. */
const OPERATIONS = [
  'GetModelImportJob', 'ListModelImportJobs', 'GetImportedModel', 'ListImportedModels', 'ListTagsForResource',
  'CreateModelImportJob', 'DeleteImportedModel', 'TagResource', 'UntagResource',
  'DescribeStacks', 'DescribeStackResources', 'ListObjectsV2', 'GetObject',
]; // prettier-ignore

const often = <T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    ...rare.map((value) => ({ weight: 1, arbitrary: fc.constant(value) })),
  );

const model: fc.Arbitrary<ModelPlan> = fc.record(
  {
    id: often('Model', 'Second', 'Renamed'),
    prefix: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...GOOD_PREFIXES) },
      { weight: 1, arbitrary: fc.constant(BAD_PREFIX) },
    ),
    version: fc.constant('2'),
    name: fc.constant('be_ta'),
    hasKey: often(false, false, true),
    links: often<1 | 2 | 3>(1, 2, 3),
    upload: often(false, true),
    retain: often(false, true),
    keepReplaced: often(false, false, true),
    tag: fc.constantFrom('', 'a'),
  },
  { requiredKeys: ['id', 'prefix', 'hasKey', 'links', 'upload', 'retain', 'keepReplaced', 'tag'] },
);

const change: fc.Arbitrary<Partial<ModelPlan>> = fc.oneof(
  fc.constant({}),
  fc.record({ tag: fc.constantFrom('', 'a', 'b') }),
  fc.record({ prefix: fc.constantFrom(...GOOD_PREFIXES, BAD_PREFIX) }),
  fc.record({ links: fc.constantFrom<1 | 2 | 3>(1, 2, 3) }),
  fc.record({ retain: fc.boolean() }),
  fc.record({ prefix: fc.constantFrom(...GOOD_PREFIXES), keepReplaced: fc.boolean() }),
);

const other: fc.Arbitrary<OtherPlan> = fc.record({
  when: fc.constantFrom('before', 'beside', 'after'),
  seconds: fc.constantFrom(0, 5, 17, 60, 700, 2000),
  failsOn: fc.constantFrom('', 'Create', 'Update'),
  change: fc.integer({ min: 1, max: 3 }),
});

const stackPlan: fc.Arbitrary<StackPlan> = fc.record(
  { models: fc.uniqueArray(model, { minLength: 0, maxLength: 2, selector: ({ id }) => id }), other },
  { requiredKeys: ['models'] },
);

const deed = fc.constantFrom<Deed>(
  'cancel',
  'destroy',
  'delete-a-model',
  'use-the-models',
  'upload',
  'upload',
  'change-weights',
  'strangers-job',
  'take-our-names',
);
const meanwhile = fc.record({
  after: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3500 })),
  deed,
});
const stack = often<StackName>('One', 'Two');

const chapter: fc.Arbitrary<Chapter> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('deploy' as const),
      stack,
      plan: stackPlan,
      meanwhile: fc.array(meanwhile, { maxLength: 2 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('again' as const),
      stack,
      change,
      other: fc.option(other, { nil: undefined }),
      meanwhile: fc.array(meanwhile, { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('destroy' as const), stack }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('both' as const), plan: stackPlan }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      minutes: fc.integer({ min: 0, max: 200 }),
      deed: fc.option(deed, { nil: undefined }),
    }),
  },
);

const callFault: fc.Arbitrary<PlannedFault> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  skip: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 80 })),
  times: often(1, 2, 5, 400),
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

const nth = fc.integer({ min: 0, max: 8 });
const provider: fc.Arbitrary<ProviderPlan> = fc.record({
  late: fc.array(
    fc.record({
      nth,
      seconds: fc.constantFrom(0, 3, 120),
      again: fc.option(fc.constantFrom(0, 1, 60, 4000), { nil: undefined }),
    }),
    { maxLength: 2 },
  ),
  startExecution: fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.record({ nth, how: fc.constantFrom('fails-before' as const, 'fails-after' as const) }), {
        maxLength: 1,
      }),
    },
  ),
  servicePolls: fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 2 }),
});

const bedrock: fc.Arbitrary<Partial<BedrockSwitches>> = fc.record({
  importSeconds: often(720, 60, 1500, 2900, 5400),
  roleDelaySeconds: often(0, 90, 600),
  maxModels: often(3, 1, 2, 6),
  repeatedToken: fc.constantFrom('same-arn', 'conflict'),
  reusedToken: fc.constantFrom('conflict', 'same-arn', 'refused'),
  duplicateJobName: fc.constantFrom('conflict', 'refused'),
  duplicateModelName: fc.constantFrom('conflict', 'refused', 'job-fails', 'allowed'),
  jobVisibleDelaySeconds: often(0, 10),
  modelVisibleDelaySeconds: often(0, 20),
  deleteSeconds: often(0, 40),
  deleteWhileInUse: fc.constantFrom('deleted', 'conflict'),
  modelDetails: fc.constantFrom('answered', 'missing'),
});

const cloudFormation: fc.Arbitrary<CloudFormationSwitches> = fc.record({
  failedUpdate: fc.constantFrom('keeps-new', 'keeps-old', 'keeps-old-deletes-new'),
  replacedRollback: fc.constantFrom('update', 'delete'),
});

export const history: fc.Arbitrary<History> = fc.record({
  chapters: fc.array(chapter, { minLength: 1, maxLength: 6 }),
  calls: fc.oneof(fc.constant([]), fc.array(callFault, { maxLength: 4 })),
  provider: fc.oneof(fc.constant({ late: [], startExecution: [], servicePolls: [] }), provider),
  bedrock,
  cloudFormation,
});
