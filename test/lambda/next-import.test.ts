import { OWNER_TAGS } from '../../lib/contract';
import { nextImport } from '../../lambda/imported-model/next-import';
import {
  BEFORE_CREATE,
  BEFORE_LISTED,
  POLICY_PATIENCE,
  ROLE_PATIENCE,
  VISIBLE_PATIENCE,
} from '../../lambda/imported-model/patience';
import type { ImportRequest } from '../../lambda/imported-model/request';
import type { Seen } from '../../lambda/imported-model/step';
import type { Finding } from '../../weights/finding';
import {
  BROKEN,
  CALM,
  EMPTY,
  failed,
  fails,
  FORMER_STACK,
  IMPORT,
  job,
  JOB_NAME,
  justCompleted,
  KEPT,
  looks,
  MINUTE,
  model,
  modelArn,
  NAME,
  named,
  OLD_NAME,
  OTHER_STACK,
  OUR_MARKS,
  OUR_TAGS,
  PARTIAL,
  POLL,
  ROLE,
  running,
  saying,
  STARTED,
  waits,
  WHOLE,
} from './fixtures';

interface Row {
  readonly when: string;
  readonly seen?: Partial<Seen>;
  readonly wanted?: Partial<ImportRequest>;
  readonly then: unknown;
}

const step = ({ seen, wanted }: Row) => nextImport({ ...POLL, ...seen }, { ...IMPORT, ...wanted });

const NOTHING: Partial<Seen> = { job: 'none', model: 'none', upload: WHOLE, errors: [] };
const EOS: Finding = {
  severity: 'error',
  code: 'eos-ids',
  file: 'generation_config.json',
  problem: 'it lacks an end',
  remedy: 'repair it',
  repairable: true,
};
const ADAPTER: Finding = { ...EOS, code: 'adapter-unmerged', file: '', problem: 'it is an adapter', repairable: false };
const NOBODY = { models: [], jobs: [] };
/** Everything looked at and nothing in the way. */
const READY: Partial<Seen> = { ...NOTHING, unsettled: [], owned: NOBODY, stack: CALM };
const ROLLING_BACK = 'UPDATE_ROLLBACK_IN_PROGRESS';
const FINISHED = {
  do: 'finish',
  why: 'the model is there',
  attributes: {
    ModelArn: modelArn(NAME),
    ModelName: NAME,
    ModelArchitecture: 'gpt_oss',
    JobArn: job().arn,
    JobName: JOB_NAME,
    CustomModelUnitsPerModelCopy: '2',
    CustomModelUnitsVersion: 'v1.0',
  },
};

describe('with nothing there, looks at one thing after the other and makes a job', () => {
  test.each<Row>([
    { when: 'first at the job', then: looks('job') },
    { when: 'then at the model', seen: { job: 'none' }, then: looks('model') },
    { when: 'then at the upload', seen: { job: 'none', model: 'none' }, then: looks('upload') },
    { when: 'then at the jobs that run', seen: NOTHING, then: looks('unsettled') },
    { when: 'in an update at what it owns', seen: { ...NOTHING, unsettled: [] }, then: looks('owned') },
    { when: 'then at the stack', seen: { ...NOTHING, unsettled: [], owned: NOBODY }, then: looks('stack') },
    {
      when: 'in a create owns nothing yet',
      seen: { ...NOTHING, unsettled: [] },
      wanted: { type: 'Create', physicalId: '' },
      then: looks('stack'),
    },
    { when: 'and makes the job', seen: READY, then: { do: 'create' } },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a job of this request', () => {
  test.each<Row>([
    { when: 'is awaited while it runs', seen: { job: job() }, then: waits(JOB_NAME, NAME) },
    { when: 'has completed: looks at its model', seen: { job: job({ status: 'Completed' }) }, then: looks('model') },
    {
      when: 'has completed, but its model is not visible yet',
      seen: { job: job({ status: 'Completed' }), model: 'none' },
      then: waits(JOB_NAME, 'has completed', NAME, 'not visible yet'),
    },
    {
      when: 'has completed not long ago, but its model is not visible yet',
      seen: { job: job({ status: 'Completed', endedAt: POLL.now - VISIBLE_PATIENCE + 1 }), model: 'none' },
      then: waits(NAME, 'not visible yet'),
    },
    {
      when: 'fails when it has completed long ago, and its model is not there',
      seen: { job: job({ status: 'Completed', endedAt: POLL.now - VISIBLE_PATIENCE }), model: 'none' },
      then: fails(JOB_NAME, NAME, 'is not there', 'deploy again'),
    },
    {
      when: 'fails the request with its message, names and a hint',
      seen: { job: job({ status: 'Failed', failure: 'No access to key k' }) },
      then: fails('s3://weights/20b/v2/', NAME, 'No access to key k', JOB_NAME, 'Next: the import role must be'),
    },
    {
      when: 'fails the request with one full stop after its message',
      seen: { job: job({ status: 'Failed', failure: 'The model is too large.' }) },
      then: fails(`The model is too large (import job ${JOB_NAME}). Next:`),
    },
    {
      when: 'fails the request without a message, too',
      seen: { job: job({ status: 'Failed' }) },
      then: fails(NAME, 'it gave no reason', JOB_NAME, 'Next: correct the files'),
    },
    {
      when: 'of which Bedrock does not say what it makes is not taken for a stranger',
      seen: { job: job({ modelName: '' }) },
      then: waits(JOB_NAME, NAME),
    },
    {
      when: 'of which Bedrock does not say what it made: looks at the model',
      seen: { job: job({ modelName: '', status: 'Completed' }) },
      then: looks('model'),
    },
    {
      when: "fails the request when it is a stranger's, even while it runs",
      seen: { job: job({ modelName: 'theirs' }) },
      then: fails(JOB_NAME, 'theirs', NAME, 'somebody else', 'deploy again'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });

  test.each([
    ['Amazon bedrock does not support the architecture (qwen2) of the model', 'GptOssForCausalLM'],
    ['Unsupported field total_parameters', '"total_size" alone'],
    ['Tokenizer class TokenizersBackend is unknown', 'PreTrainedTokenizerFast'],
    ['User is not authorized to perform kms:Decrypt', 'import role'],
    ['File model-00002-of-00002 does not exist', 'names must lie under the prefix'],
    ['Safetensors header is corrupt', 'damaged'],
    ['The model is too large', '65 GB'],
    ['Internal error, try again', 'deploy again, which makes a new job'],
    ['42', 'change the version too'],
  ])('that says "%s" gets the hint "%s"', (failure, hint) => {
    expect(step({ when: '', seen: { job: job({ status: 'Failed', failure }) }, then: '' })).toEqual(
      fails(failure, hint),
    );
  });
});

describe('a model with the wanted name', () => {
  const former = { ...OUR_TAGS, [OWNER_TAGS.stack]: FORMER_STACK };
  const seen = (tags: Record<string, string>, more: Partial<Seen> = {}): Partial<Seen> => ({
    job: 'none',
    model: model({ tags }),
    owned: NOBODY,
    stack: CALM,
    ...more,
  });
  const untouched = fails(NAME, modelArn(NAME), 'is not of this stack', 'left untouched', 'modelName');

  test.each<Row>([
    { when: 'is the end of an import', seen: { job: 'none', model: model(), owned: NOBODY }, then: FINISHED },
    {
      when: 'fails when another stack made it, and says which',
      seen: seen({ ...OUR_TAGS, [OWNER_TAGS.stack]: OTHER_STACK }),
      then: fails(NAME, OTHER_STACK, 'left untouched'),
    },
    {
      when: 'fails when another resource of this stack made it',
      seen: seen({ ...OUR_TAGS, [OWNER_TAGS.resource]: 'Second' }),
      then: untouched,
    },
    { when: 'fails with half of the marks', seen: seen({ [OWNER_TAGS.resource]: 'Model' }), then: untouched },
    { when: 'without marks: asks for the job that made it', seen: seen({}), then: looks('maker') },
    {
      when: 'without marks, made by our job: is marked',
      seen: seen({ own: 'x' }, { maker: OUR_TAGS }),
      then: { do: 'mark', arn: modelArn(NAME), set: OUR_MARKS, drop: [] },
    },
    {
      when: "fails without marks when a stranger's job made it",
      seen: seen({}, { maker: { ...OUR_TAGS, [OWNER_TAGS.stack]: OTHER_STACK } }),
      then: fails(NAME, 'absent', 'left untouched'),
    },
    { when: 'fails without marks when its job has none', seen: seen({}, { maker: {} }), then: untouched },
    {
      when: 'fails without marks when no job made it',
      seen: seen({}, { model: model({ tags: {}, jobArn: '' }) }),
      then: untouched,
    },
    {
      when: 'of a stranger: looks whether ours stands behind it, as names may not be unique',
      seen: seen({ ...OUR_TAGS, [OWNER_TAGS.stack]: OTHER_STACK }, { owned: undefined }),
      then: looks('owned'),
    },
    {
      when: 'of a stranger: takes ours behind it',
      seen: seen(
        { ...OUR_TAGS, [OWNER_TAGS.stack]: OTHER_STACK },
        { owned: { models: [{ ...named(NAME), arn: modelArn('behind') }], jobs: [] } },
      ),
      then: looks('namesake'),
    },
    { when: 'of a former stack: compares the weights', seen: seen(former), then: looks('upload') },
    {
      when: 'of a former stack, made of the same bytes: is taken over',
      seen: seen(former, { upload: WHOLE }),
      then: { do: 'mark', arn: modelArn(NAME), set: { [OWNER_TAGS.stack]: OUR_MARKS[OWNER_TAGS.stack] }, drop: [] },
    },
    {
      when: 'of a former stack that retained it: is taken over and not kept, unless the template says so',
      seen: seen({ ...former, ...KEPT }, { upload: WHOLE }),
      then: {
        do: 'mark',
        arn: modelArn(NAME),
        set: { [OWNER_TAGS.stack]: OUR_MARKS[OWNER_TAGS.stack] },
        drop: [OWNER_TAGS.kept],
      },
    },
    {
      when: 'fails when a former stack made it of other bytes',
      seen: seen(former, { upload: { ...WHOLE, listing: '0' } }),
      then: fails(NAME, FORMER_STACK, 's3://weights/20b/v2/', 'left untouched', 'delete-imported-model', NAME),
    },
    {
      when: 'fails when a former stack made it and the weights are gone',
      seen: seen(former, { upload: EMPTY }),
      then: fails('does not hold the bytes'),
    },
    {
      when: 'fails when a former stack did not note what it made it of',
      seen: seen({ ...OUR_MARKS, [OWNER_TAGS.stack]: FORMER_STACK }, { upload: WHOLE }),
      then: fails('does not hold the bytes'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('an upload', () => {
  const seen = (upload: Seen['upload']): Partial<Seen> => ({ job: 'none', model: 'none', upload });
  const patient = { waitForUpload: true };
  const command = 'bedrock-gpt-oss upload ./my-model s3://weights/20b/v2/';
  test.each<Row>([
    { when: 'fails when empty', seen: seen(EMPTY), then: fails('s3://weights/20b/v2/ is empty', NAME, command) },
    {
      when: 'tells to copy what a lock file lists',
      wanted: { lockHash: 'abc' },
      seen: seen(EMPTY),
      then: fails('s3://weights/20b/v2/ is empty', 'bedrock-gpt-oss copy --lock gpt-oss.lock.json', command),
    },
    {
      when: 'fails when partial, and says what lacks',
      seen: seen(PARTIAL),
      then: fails('has 2 files and still lacks config.json, tokenizer.json', NAME, command),
    },
    {
      when: 'is awaited when empty and somebody uploads',
      seen: seen(EMPTY),
      wanted: patient,
      then: waits('is empty', command),
    },
    {
      when: 'is awaited when partial and somebody uploads',
      seen: seen(PARTIAL),
      wanted: patient,
      then: waits('still lacks config.json', command),
    },
    {
      when: 'names five missing files and counts the rest',
      seen: seen({ state: 'partial', files: 1, missing: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }),
      then: fails('a, b, c, d, e and 2 more'),
    },
    {
      when: 'names no missing file at endless length',
      seen: seen({ state: 'partial', files: 1, missing: ['f'.repeat(121), 'g'.repeat(120)] }),
      then: fails(` ${'f'.repeat(120)}… (121 characters), ${'g'.repeat(120)}. No import job`),
    },
    {
      when: 'fails when broken',
      seen: seen(BROKEN),
      then: fails('20b/v2/model.safetensors.index.json is broken: it is not JSON', NAME, 'Next: repair'),
    },
    {
      when: 'fails when the folder itself is wrong',
      seen: seen({ state: 'broken', file: '', problem: 'more than 10000 files; is the prefix right?' }),
      then: fails('s3://weights/20b/v2/ has more than 10000 files; is the prefix right?', NAME, 'Next: '),
    },
    {
      when: 'fails at the first deployment: says how to use what was uploaded',
      seen: seen(BROKEN),
      wanted: { ...patient, type: 'Create' },
      then: fails(
        'broken',
        NAME,
        'stays in bucket weights,',
        "ModelSource.s3(Bucket.fromBucketName(this, 'Weights', 'weights'), '20b/v2/')",
      ),
    },
    {
      when: 'fails at the first deployment when the time is up: says how to use what was uploaded',
      seen: { ...seen(PARTIAL), now: STARTED + 3000_000 },
      wanted: { ...patient, type: 'Create' },
      then: fails('Gave up', 'still lacks config.json', 'stays in bucket weights,', 'ModelSource.s3('),
    },
    {
      when: 'fails at the first deployment of weights that were there before: nothing is said of an upload',
      seen: seen(PARTIAL),
      wanted: { type: 'Create' },
      then: { do: 'fail', why: expect.not.stringContaining('stays in bucket') as unknown },
    },
    {
      when: 'fails in an update, which keeps its bucket: nothing is said of it',
      seen: seen(BROKEN),
      wanted: patient,
      then: { do: 'fail', why: expect.not.stringContaining('stays in bucket') as unknown },
    },
    {
      when: 'is checked when whole',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, errors: undefined },
      then: looks('errors'),
    },
    {
      when: 'is compared with its lock file first',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, errors: undefined },
      wanted: { lockHash: 'abc' },
      then: looks('lock'),
    },
    {
      when: 'fails when it is not what its lock file pins',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, lock: ['missing: config.json'] },
      wanted: { lockHash: 'abc' },
      then: fails(
        's3://weights/20b/v2/ is not what the lock file pins: missing: config.json',
        NAME,
        'bedrock-gpt-oss copy --lock gpt-oss.lock.json s3://BUCKET-OF-THE-UPLOAD/ s3://weights/20b/v2/',
      ),
    },
    {
      when: 'fails when a copy from Hugging Face was changed, whose lock file nobody has',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, lock: ['missing: config.json'] },
      wanted: { lockHash: 'abc', prefix: 'hf/acme/med/abc-r1/' },
      then: fails('missing: config.json', NAME, 'take the model out of the stack, deploy, put it in again'),
    },
    {
      when: 'is checked when it is what its lock file pins',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, errors: undefined, lock: [] },
      wanted: { lockHash: 'abc' },
      then: looks('errors'),
    },
    {
      when: 'fails for what repair mends, and says so',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, errors: [EOS] },
      then: fails('generation_config.json: it lacks an end (repair it)', NAME, "'bedrock-gpt-oss repair'", "'eos-ids'"),
    },
    {
      when: 'fails for several errors, and counts them',
      seen: { ...seen(WHOLE), unsettled: [], owned: NOBODY, errors: [EOS, ADAPTER, EOS, EOS] },
      then: fails('it lacks an end', 'it is an adapter', 'and 1 more error', 'Next: correct the weights'),
    },
    { when: 'fails when broken although somebody uploads', seen: seen(BROKEN), wanted: patient, then: fails('broken') },
    { when: 'goes on when whole', seen: seen(WHOLE), wanted: patient, then: looks('unsettled') },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('before a job is made', () => {
  const at = (now: number): Partial<Seen> => ({ ...READY, stack: undefined, now });
  test.each<Row>([
    {
      when: 'awaits a running job for the same model, of whatever request',
      seen: { ...NOTHING, unsettled: [running('other', 'x'), running('earlier', NAME)] },
      then: waits('earlier', NAME),
    },
    {
      when: 'awaits the model of a job that has just completed',
      seen: { ...NOTHING, unsettled: [justCompleted('earlier', NAME)] },
      then: waits('earlier', NAME),
    },
    {
      when: 'gives a cancelled request time to show',
      seen: at(STARTED + BEFORE_CREATE - 1),
      then: waits('cancelled request'),
    },
    { when: 'looks at the stack after that time', seen: at(STARTED + BEFORE_CREATE), then: looks('stack') },
    {
      when: 'fails when the stack has another status than when the request came',
      seen: { ...READY, stack: { ...CALM, status: ROLLING_BACK } },
      then: fails('given this request up', ROLLING_BACK, NAME),
    },
    {
      when: 'fails when the stack has begun another update',
      seen: { ...READY, stack: { ...CALM, since: '2026-11-21T11:00:00.000Z' } },
      then: fails('given this request up'),
    },
    {
      when: 'fails when the request was sent before what the stack does now had begun',
      seen: READY,
      wanted: { sentAt: Date.parse(CALM.since) - 2_001 },
      then: fails('given this request up', NAME),
    },
    {
      when: 'goes on when the request was sent in the same second, by another clock',
      seen: READY,
      wanted: { sentAt: Date.parse(CALM.since) - 2_000 },
      then: { do: 'create' },
    },
    { when: 'fails when nobody noted the stack', seen: { ...READY, noted: undefined }, then: fails('given this') },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a request that comes when its stack', () => {
  const during = (status: string, resource?: string): Partial<Seen> => {
    const stack = { ...CALM, status };
    return { ...READY, stack, noted: stack, resource };
  };
  const creating = { type: 'Create', physicalId: '' } as const;

  test.each<Row>([
    { when: 'is created: creates', seen: during('CREATE_IN_PROGRESS'), wanted: creating, then: { do: 'create' } },
    { when: 'is updated: creates', seen: during('UPDATE_IN_PROGRESS'), wanted: creating, then: { do: 'create' } },
    { when: 'is updated: updates', seen: during('UPDATE_IN_PROGRESS'), then: { do: 'create' } },
    {
      when: 'is rolled back, perhaps an update that was cancelled before: looks at its resource',
      seen: during(ROLLING_BACK),
      then: looks('resource'),
    },
    {
      when: 'is rolled back together with its resource: updates',
      seen: during(ROLLING_BACK, 'UPDATE_IN_PROGRESS'),
      then: { do: 'create' },
    },
    {
      when: 'is rolled back: fails if its resource was cancelled',
      seen: during(ROLLING_BACK, 'UPDATE_FAILED'),
      then: fails('given this request up', ROLLING_BACK, NAME),
    },
    {
      when: 'is rolled back: fails if its resource is done',
      seen: during(ROLLING_BACK, 'UPDATE_COMPLETE'),
      then: fails('given this request up', ROLLING_BACK, NAME),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });

  test.each([
    ['Create', ROLLING_BACK],
    ['Create', 'CREATE_COMPLETE'],
    ['Create', 'CREATE_FAILED'],
    ['Create', 'ROLLBACK_IN_PROGRESS'],
    ['Create', 'ROLLBACK_COMPLETE'],
    ['Create', 'DELETE_IN_PROGRESS'],
    ['Update', 'CREATE_IN_PROGRESS'],
    ['Update', 'UPDATE_COMPLETE'],
    ['Update', 'UPDATE_FAILED'],
    ['Update', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'],
    ['Update', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
    ['Update', 'UPDATE_ROLLBACK_COMPLETE'],
    ['Update', 'DELETE_IN_PROGRESS'],
    ['Update', ''],
  ] as const)('no longer waits for it fails: %s in %j', (type, status) => {
    expect(step({ when: '', seen: during(status, 'UPDATE_IN_PROGRESS'), wanted: { type }, then: '' })).toEqual(
      fails(`given this request up (the stack is ${status})`, NAME),
    );
  });
});

describe("Bedrock's answer to a new job", () => {
  const after = (asked: Seen['asked'], more: Partial<Seen> = {}): Partial<Seen> => ({ ...READY, asked, ...more });
  const at = (milliseconds: number) => ({ now: STARTED + milliseconds });
  const quota = failed('quota', 'ServiceQuotaExceededException: too many');
  const role = failed('role', 'ValidationException: The provided role ARN is invalid');
  const denied = failed('denied', 'AccessDeniedException: no iam:PassRole');
  test.each<Row>([
    { when: 'accepted: waits', seen: after('accepted'), then: waits(JOB_NAME, NAME) },
    {
      when: 'quota, and jobs run: waits in line and names them',
      seen: after(quota, { unsettled: [running('theirs', 'x')] }),
      then: waits(NAME, 'waits in line', 'theirs'),
    },
    {
      when: 'quota: looks again at what runs now',
      seen: after(quota, { unsettled: undefined }),
      then: looks('unsettled'),
    },
    {
      when: 'quota, and nothing is listed: gives a job that was just made time to be',
      seen: after(quota),
      then: { do: 'pause', milliseconds: BEFORE_LISTED, why: saying(NAME, 'quota', 'listed') },
    },
    {
      when: 'quota, and a job is listed after a while: waits in line',
      seen: after(quota, { paused: true, unsettled: [running('theirs', 'x')] }),
      then: waits(NAME, 'waits in line', 'theirs'),
    },
    {
      when: 'quota, and nothing runs after a while: looks at the models',
      seen: after(quota, { paused: true }),
      then: looks('models'),
    },
    {
      when: 'quota, while a model that was swept still holds its place: waits',
      seen: after(quota, {
        owned: { models: [named('gpt-oss-20b-bbbbbbbbbb')], jobs: [] },
        deleted: [modelArn('gpt-oss-20b-bbbbbbbbbb')],
      }),
      then: waits('gpt-oss-20b-bbbbbbbbbb', 'still there'),
    },
    {
      when: 'fails for the quota of models and lists them',
      seen: after(quota, { paused: true, models: [named('one'), named('two'), named('three')] }),
      then: fails('no room', NAME, 'one, two, three', 'free slot', 'L-45B04988'),
    },
    {
      when: 'fails for a quota of zero',
      seen: after(quota, { paused: true, models: [] }),
      then: fails(NAME, 'quota must be zero', 'L-45B04988'),
    },
    {
      when: 'refused: looks again at the job, which a twin may have made',
      seen: after(failed('conflict'), { job: undefined, model: undefined }),
      then: looks('job'),
    },
    {
      when: 'refused, no job: looks again at the model',
      seen: after(failed('invalid'), { model: undefined }),
      then: looks('model'),
    },
    {
      when: 'refused, and a twin has made the job: waits for it',
      seen: after(failed('invalid'), { job: job() }),
      then: waits(JOB_NAME, NAME),
    },
    { when: 'conflict, a twin was faster: waits', seen: after(failed('conflict', 'taken')), then: waits('taken') },
    { when: 'role refused while it is new: waits', seen: after(role, at(ROLE_PATIENCE - 1)), then: waits(ROLE) },
    {
      when: 'fails when the role is refused for long',
      seen: after(role, at(ROLE_PATIENCE)),
      then: fails(ROLE, NAME, 'The provided role ARN is invalid', 'bedrock.amazonaws.com', 'aws:SourceArn'),
    },
    {
      when: 'denied while the policy is new: waits',
      seen: after(denied, at(POLICY_PATIENCE - 1)),
      then: waits('CreateModelImportJob', 'iam:PassRole'),
    },
    {
      when: 'fails when denied for long',
      seen: after(denied, at(POLICY_PATIENCE)),
      then: fails('CreateModelImportJob failed', NAME, JOB_NAME, 'iam:PassRole', 'service control policies'),
    },
    { when: 'no answer: waits', seen: after(failed('passing', 'ThrottlingException: slow')), then: waits('slow') },
    {
      when: 'fails when the request is invalid',
      seen: after(failed('invalid', 'ValidationException: bad s3Uri')),
      then: fails('bad s3Uri', 'correct the cause'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a call that failed', () => {
  const at = (milliseconds: number, trouble: Seen['trouble']) => ({ now: STARTED + milliseconds, trouble });
  const denied = failed('denied', 'AccessDenied: no', 'ListObjectsV2');
  test.each<Row>([
    { when: 'in passing: waits', seen: { trouble: failed('passing', 'slow', 'X') }, then: waits('X did not', 'slow') },
    { when: 'on a model in use: waits', seen: { trouble: failed('conflict', 'in use') }, then: waits('in use') },
    { when: 'denied early: waits', seen: at(POLICY_PATIENCE - 1, denied), then: waits('ListObjectsV2') },
    { when: 'fails when denied late', seen: at(POLICY_PATIENCE, denied), then: fails('ListObjectsV2', 'boundaries') },
    { when: 'fails for the role', seen: { trouble: failed('role', 'role') }, then: fails(NAME, 'role') },
    { when: 'fails for a quota', seen: { trouble: failed('quota', 'tags') }, then: fails(NAME, 'tags') },
    { when: 'fails when invalid', seen: { trouble: failed('invalid', 'bad') }, then: fails(NAME, 'bad') },
    {
      when: 'fails without the name of a job that nobody has asked for',
      seen: { trouble: failed('invalid', 'bucket weights does not exist', 'ListObjectsV2 on s3://weights/') },
      then: fails(`ListObjectsV2 on s3://weights/ failed for model ${NAME}: bucket weights does not exist. Next: `),
    },
    {
      when: 'is answered before anything else is looked at',
      seen: { job: job({ status: 'Failed' }), trouble: failed('passing') },
      then: waits('CreateModelImportJob'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('what failed updates left', () => {
  const there = (owned: Seen['owned'], more: Partial<Seen> = {}): Partial<Seen> => ({
    job: 'none',
    model: model(),
    owned,
    ...more,
  });
  const orphan = named('gpt-oss-20b-bbbbbbbbbb');
  const kept = [named(NAME), named(OLD_NAME)];
  const deleted = { do: 'delete', model: orphan, why: 'an update that failed left it' };
  const itsJob = running('orphans', orphan.name);
  test.each<Row>([
    { when: 'is looked for when the model is there', seen: there(undefined), then: looks('owned') },
    {
      when: 'is deleted, but not before the stack is looked at',
      seen: there({ models: [...kept, orphan], jobs: [] }),
      then: looks('stack'),
    },
    { when: 'is deleted', seen: there({ models: [...kept, orphan], jobs: [] }, { stack: CALM }), then: deleted },
    {
      when: 'is awaited while it is being deleted',
      seen: there({ models: [...kept, orphan], jobs: [] }, { stack: CALM, deleted: [orphan.arn] }),
      then: waits(orphan.name, 'still there'),
    },
    {
      when: "fails instead when a later request may own it: this one's stack has gone on",
      seen: there({ models: [orphan], jobs: [] }, { stack: { ...CALM, status: 'UPDATE_COMPLETE' } }),
      then: fails('given this request up', 'UPDATE_COMPLETE'),
    },
    {
      when: 'fails before a job is made, too, when a later request may own it',
      seen: { ...READY, owned: { models: [orphan], jobs: [] }, stack: { ...CALM, status: 'UPDATE_COMPLETE' } },
      then: fails('given this request up'),
    },
    {
      when: 'keeps the wanted model and the one that the update came with',
      seen: there({ models: kept, jobs: [running('a', NAME), running('b', OLD_NAME)] }),
      then: FINISHED,
    },
    {
      when: 'is awaited while its job runs',
      seen: there({ models: kept, jobs: [itsJob] }),
      then: waits('orphans', orphan.name, 'goes next'),
    },
    {
      when: 'is awaited when its job has just completed',
      seen: there({ models: kept, jobs: [justCompleted('orphans', orphan.name)] }),
      then: waits('orphans', 'is not over', orphan.name),
    },
    {
      when: 'is deleted before a job is made, for the slot',
      seen: { ...READY, owned: { models: [orphan], jobs: [] } },
      then: deleted,
    },
    {
      when: 'is waited for in line while its job runs, like any other job',
      seen: { ...READY, unsettled: [itsJob], owned: { models: [], jobs: [itsJob] } },
      then: waits(NAME, 'waits in line', 'orphans'),
    },
    {
      when: 'does not keep the request from asking for a job when its own has just completed',
      seen: {
        ...READY,
        unsettled: [justCompleted('orphans', orphan.name)],
        owned: { models: [], jobs: [justCompleted('orphans', orphan.name)] },
      },
      then: { do: 'create' },
    },
    {
      when: 'goes although replaced models are kept, because nothing was replaced by it',
      seen: there({ models: [orphan], jobs: [] }, { replaced: 'none', stack: CALM }),
      wanted: { keepReplaced: true },
      then: deleted,
    },
    { when: 'is left to the first link', seen: there(undefined), wanted: { link: 2, links: 2 }, then: FINISHED },
    { when: 'is not looked for in a create', seen: there(undefined), wanted: { type: 'Create' }, then: FINISHED },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('tags', () => {
  const there = (tags: Record<string, string>, stack: Seen['stack'] = CALM): Partial<Seen> => ({
    job: 'none',
    model: model({ tags: { ...OUR_TAGS, ...tags } }),
    owned: NOBODY,
    stack,
  });
  const another = { tags: { team: 'search' } };
  const mark = (set: Record<string, string>, drop: string[]) => ({ do: 'mark', arn: modelArn(NAME), set, drop });
  test.each<Row>([
    {
      when: 'are set when they are new or other than wanted, and only these',
      seen: there({ same: '1', other: '2' }),
      wanted: { tags: { same: '1', other: '3', more: '4' } },
      then: mark({ other: '3', more: '4' }, []),
    },
    {
      when: 'are dropped when the properties had them and have them no more',
      seen: there({ gone: '1', foreign: '2' }),
      wanted: { droppedTags: ['gone', 'never-set'] },
      then: mark({}, ['gone']),
    },
    {
      when: 'are dropped once when somebody set and dropped what we drop anyway',
      seen: there(KEPT),
      wanted: { droppedTags: [OWNER_TAGS.kept] },
      then: mark({}, [OWNER_TAGS.kept]),
    },
    {
      when: 'are not set before the stack is looked at',
      seen: { ...there({}), stack: undefined },
      wanted: another,
      then: looks('stack'),
    },
    {
      when: 'fails instead of undoing what a later request has set',
      seen: there({}, { ...CALM, since: '2026-11-21T11:00:00.000Z' }),
      wanted: another,
      then: fails('given this request up', NAME),
    },
    {
      when: 'are right: needs no look at the stack',
      seen: { ...there({ team: 'search' }), stack: undefined },
      wanted: another,
      then: FINISHED,
    },
    { when: 'that somebody else set stay', seen: there({ foreign: '2' }), then: FINISHED },
    {
      when: 'of ours are never dropped',
      seen: there({}),
      wanted: { droppedTags: Object.values(OWNER_TAGS) },
      then: FINISHED,
    },
    {
      when: 'of ours are never set to what somebody wants',
      seen: there({}),
      wanted: { tags: { [OWNER_TAGS.listing]: 'x', [OWNER_TAGS.stack]: 'x', [OWNER_TAGS.resource]: 'x' } },
      then: FINISHED,
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a model that the template retains', () => {
  const there = (tags: Record<string, string>, more: Partial<Seen> = {}): Partial<Seen> => ({
    job: 'none',
    model: model({ tags: { ...OUR_TAGS, ...tags } }),
    owned: NOBODY,
    stack: CALM,
    ...more,
  });
  const keep = { do: 'mark', arn: modelArn(NAME), set: KEPT, drop: [] };
  const drop = { do: 'mark', arn: modelArn(NAME), set: {}, drop: [OWNER_TAGS.kept] };
  test.each<Row>([
    { when: 'is marked as kept', seen: there({}), wanted: { keepRemoved: true }, then: keep },
    {
      when: 'is marked as kept in a wait, too: the model may only be there then',
      seen: there({}),
      wanted: { keepRemoved: true, link: 2, links: 2 },
      then: keep,
    },
    {
      when: 'is marked last of all: nothing that may fail comes between the mark and the answer',
      seen: { ...there({}), owned: undefined },
      wanted: { keepRemoved: true },
      then: looks('owned'),
    },
    { when: 'is marked once', seen: there(KEPT), wanted: { keepRemoved: true }, then: FINISHED },
    { when: 'loses the mark when it is retained no more', seen: there(KEPT), then: drop },
    {
      when: 'has the mark whatever the tags say',
      seen: there(KEPT),
      wanted: { keepRemoved: true, tags: { [OWNER_TAGS.kept]: 'false' }, droppedTags: [OWNER_TAGS.kept] },
      then: FINISHED,
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a replaced model that the template retains', () => {
  const keeping = { keepReplaced: true };
  const old = (tags = OUR_TAGS): Partial<Seen> => ({ replaced: model({ name: OLD_NAME, tags }), stack: CALM });
  const there = (more: Partial<Seen> = {}): Partial<Seen> => ({ job: 'none', model: model(), owned: NOBODY, ...more });
  const keep = { do: 'mark', arn: modelArn(OLD_NAME), set: KEPT, drop: [] };
  test.each<Row>([
    { when: 'is looked at when the new model is there', seen: there(), wanted: keeping, then: looks('replaced') },
    { when: 'is looked at before a job is made', seen: READY, wanted: keeping, then: looks('replaced') },
    { when: 'is marked as kept', seen: there(old()), wanted: keeping, then: keep },
    { when: 'is marked as kept before a job is made', seen: { ...READY, ...old() }, wanted: keeping, then: keep },
    {
      when: 'is not marked before the stack is looked at',
      seen: there({ ...old(), stack: undefined }),
      wanted: keeping,
      then: looks('stack'),
    },
    {
      when: 'fails instead when a later request may have replaced something else',
      seen: there({ ...old(), stack: { ...CALM, status: 'UPDATE_COMPLETE' } }),
      wanted: keeping,
      then: fails('given this request up'),
    },
    { when: 'is marked once', seen: there(old({ ...OUR_TAGS, ...KEPT })), wanted: keeping, then: FINISHED },
    {
      when: 'is not marked in a rollback, where it is the one that failed',
      seen: there({ ...old(), noted: { ...CALM, status: ROLLING_BACK } }),
      wanted: keeping,
      then: FINISHED,
    },
    {
      when: 'is left alone when it is not ours',
      seen: there(old({ ...OUR_TAGS, [OWNER_TAGS.stack]: OTHER_STACK })),
      wanted: keeping,
      then: FINISHED,
    },
    {
      when: "is looked for behind a stranger's of the same name",
      seen: there({ ...old({}), owned: undefined }),
      wanted: keeping,
      then: looks('owned'),
    },
    {
      when: "is marked as kept behind a stranger's of the same name",
      seen: there({ ...old({}), owned: { models: [{ ...named(OLD_NAME), arn: modelArn('behind') }], jobs: [] } }),
      wanted: keeping,
      then: { ...keep, arn: modelArn('behind') },
    },
    {
      when: "is marked once behind a stranger's of the same name",
      seen: there({ ...old({}), owned: { models: [{ ...named(OLD_NAME), isKept: true }], jobs: [] } }),
      wanted: keeping,
      then: FINISHED,
    },
    { when: 'may be gone', seen: there({ replaced: 'none' }), wanted: keeping, then: FINISHED },
    { when: 'is not looked at when replaced models go', seen: there(), then: FINISHED },
    {
      when: 'is not looked at when nothing is replaced',
      seen: there(),
      wanted: { ...keeping, physicalId: NAME },
      then: FINISHED,
    },
    {
      when: 'is left to the first link',
      seen: there(),
      wanted: { ...keeping, link: 2, links: 2, physicalId: `${OLD_NAME}/2` },
      then: FINISHED,
    },
    {
      when: 'cannot be in a create',
      seen: there(),
      wanted: { ...keeping, type: 'Create', physicalId: '' },
      then: FINISHED,
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('when the time is up', () => {
  const late = { now: STARTED + 50 * MINUTE };
  const handedOn = (why: string) => ({
    do: 'finish',
    why: expect.stringContaining(why) as unknown,
    attributes: {
      ModelArn: '',
      ModelName: NAME,
      ModelArchitecture: '',
      JobArn: '',
      JobName: JOB_NAME,
      CustomModelUnitsPerModelCopy: '',
      CustomModelUnitsVersion: '',
    },
  });
  const orphans = { models: [], jobs: [running('orphans', 'gpt-oss-20b-bbbbbbbbbb')] };
  test.each<Row>([
    { when: 'is not up a moment before', seen: { now: late.now - 1, job: job() }, then: waits(JOB_NAME) },
    {
      when: 'fails on the last link: how long, and what was under way',
      seen: { ...late, job: job() },
      then: fails(NAME, '50 minutes', JOB_NAME, "'timeout'"),
    },
    {
      when: 'fails on the last of three links with the minutes of all',
      seen: { ...late, job: job() },
      wanted: { link: 3, links: 3 },
      then: fails('150 minutes'),
    },
    {
      when: 'hands on to the next link',
      seen: { ...late, job: job() },
      wanted: { link: 1, links: 2 },
      then: handedOn('handing on to wait 2'),
    },
    {
      when: 'makes no job that nobody would wait for, and fails',
      seen: { ...late, ...READY },
      then: fails(NAME, '50 minutes', 'no import job was made'),
    },
    {
      when: 'leaves making the job to the next link',
      seen: { ...late, ...READY },
      wanted: { link: 1, links: 2 },
      then: handedOn('handing on to wait 2'),
    },
    {
      when: 'leaves what failed updates left to the next event when the model is there',
      seen: { ...late, job: 'none', model: model(), owned: orphans },
      then: { ...FINISHED, why: expect.stringContaining('left to the next event') as unknown },
    },
    {
      when: 'finishes when the model is there and a call fails in passing',
      seen: { ...late, job: 'none', model: model(), trouble: failed('passing', 'slow', 'TagResource') },
      then: { ...FINISHED, why: expect.stringContaining('TagResource') as unknown },
    },
    {
      when: 'fails when the model that is there is not known to be ours',
      seen: { ...late, job: 'none', model: model({ tags: {} }), trouble: failed('passing') },
      then: fails('50 minutes'),
    },
    {
      when: 'still finishes when the model is found',
      seen: { ...late, job: 'none', model: model(), owned: NOBODY },
      then: FINISHED,
    },
    { when: 'still looks', seen: late, then: looks('job') },
    {
      when: 'fails as ever when the job has failed',
      seen: { ...late, job: job({ status: 'Failed', failure: 'broken' }) },
      wanted: { link: 1, links: 2 },
      then: fails('broken'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});
