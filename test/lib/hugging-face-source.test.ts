import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { GptOss, GptOssImportedModel, HubRepairs, HuggingFaceSourceOptions, ModelSource } from '../../lib';
import { isCommit, repositoryProblem, revisionProblem } from '../../lib/hub-repository';
import * as ofWeights from '../../weights/hub/repository';
import { resourcesOf, testStack, theOnly } from './apps';

const COPY = 'Custom::HuggingFaceCopy';
const MODEL = 'Custom::BedrockImportedModel';
const COMMIT = '6cee5e81ee83917806bbde320786a8fb61efebee';
const REPOSITORY = 'openai/gpt-oss-20b';

function copied(options: HuggingFaceSourceOptions = {}): { stack: Stack; model: GptOssImportedModel } {
  const stack = testStack();
  const source = ModelSource.huggingFace(REPOSITORY, { revision: COMMIT, ...options });
  return { stack, model: new GptOssImportedModel(stack, 'Model', { source }) };
}

describe('a model at a commit', () => {
  test('is copied to a prefix that is known at synth, before the import, which takes exactly these bytes', () => {
    const { stack, model } = copied();
    expect(model.weightsPrefix).toBe(`hf/${REPOSITORY}/${COMMIT}-r1/`);
    expect(theOnly(stack, COPY).Properties).toMatchObject({
      Repository: REPOSITORY,
      Revision: COMMIT,
      RepairRules: 'r1',
      RemoveCopies: 'true',
      Link: '1',
      Links: '1',
    });
    const [[copy] = ['']] = Object.entries(resourcesOf(stack, COPY));
    const imported = theOnly(stack, MODEL);
    expect(imported.Properties).toMatchObject({
      Prefix: `hf/${REPOSITORY}/${COMMIT}-r1/`,
      LockHash: { 'Fn::GetAtt': [copy, 'Hash'] },
      WaitForUpload: 'false',
    });
    expect(imported.DependsOn).toContain(copy);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('has a bucket that a failed first deployment does not leave behind', () => {
    const bucket = theOnly(copied().stack, 'AWS::S3::Bucket');
    expect(bucket.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('is left in a bucket that was given', () => {
    const stack = testStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
    const source = ModelSource.huggingFace(REPOSITORY, { revision: COMMIT, bucket });
    new GptOssImportedModel(stack, 'Model', { source });
    expect(theOnly(stack, COPY).Properties).toMatchObject({ Bucket: 'weights', RemoveCopies: 'false' });
    expect(resourcesOf(stack, 'AWS::S3::Bucket')).toEqual({});
  });

  test('may stay as it is at the Hub, at a prefix of its own', () => {
    expect(copied({ repairs: HubRepairs.NONE }).model.weightsPrefix).toMatch(/-none\/$/);
  });

  test('of OpenAI has a constant that pins it', () => {
    for (const model of [GptOss.GPT_OSS_20_B, GptOss.GPT_OSS_120_B]) {
      expect(repositoryProblem(model.repository)).toBeUndefined();
      expect(isCommit(model.revision)).toBe(true);
    }
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model', { source: ModelSource.gptOss(GptOss.GPT_OSS_120_B) });
    expect(theOnly(stack, COPY).Properties).toMatchObject({ Repository: 'openai/gpt-oss-120b' });
  });
});

test.each([undefined, 'main', 'v1.0'])(
  'a model at %s is warned about, and its prefix is known at deploy time',
  (revision) => {
    const { stack } = copied({ revision });
    const [[copy] = ['']] = Object.entries(resourcesOf(stack, COPY));
    expect(theOnly(stack, MODEL).Properties['Prefix']).toEqual({ 'Fn::GetAtt': [copy, 'Prefix'] });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('pin it: give the commit'));
    const policies = JSON.stringify(resourcesOf(stack, 'AWS::IAM::Policy'));
    expect(policies).toContain(`hf/${REPOSITORY}/*`);
    expect(policies).not.toContain('"Prefix"'); // a policy that waited for the copy would keep the copy waiting
  },
);

test('a copy that may take longer than an hour waits in a chain', () => {
  const { stack } = copied({ copyTimeout: Duration.hours(2) });
  const waits = resourcesOf(stack, 'Custom::HuggingFaceCopyWait');
  const [[copy] = ['']] = Object.entries(resourcesOf(stack, COPY));
  expect(Object.values(waits).map(({ Properties }) => [Properties['Link'], Properties['Execution']])).toEqual([
    ['2', { 'Fn::GetAtt': [copy, 'Execution'] }],
    ['3', { 'Fn::GetAtt': [copy, 'Execution'] }],
  ]);
});

test('a token is read by the copying function and nobody else', () => {
  const stack = testStack();
  const tokenSecret = Secret.fromSecretNameV2(stack, 'Token', 'hugging-face');
  const source = ModelSource.huggingFace(REPOSITORY, { revision: COMMIT, tokenSecret });
  new GptOssImportedModel(stack, 'Model', { source });
  const readers = Object.values(resourcesOf(stack, 'AWS::IAM::Policy')).filter((policy) =>
    JSON.stringify(policy).includes('secretsmanager:GetSecretValue'),
  );
  expect(readers.map(({ Properties }) => Properties['Roles'])).toEqual([
    [{ Ref: expect.stringMatching(/^ModelCopyCopierRole/) as string }],
  ]);
});

test('the function copies in its VPC', () => {
  const stack = testStack();
  const copyVpc = new Vpc(stack, 'Vpc');
  const source = ModelSource.huggingFace(REPOSITORY, { revision: COMMIT, copyVpc });
  new GptOssImportedModel(stack, 'Model', { source });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Description: `Copies files of hf://${REPOSITORY} into S3`,
    VpcConfig: Match.anyValue(),
    Timeout: 900,
  });
});

test('as many files as wanted are copied at once', () => {
  const machines = resourcesOf(copied({ concurrency: 3 }).stack, 'AWS::StepFunctions::StateMachine');
  expect(JSON.stringify(machines)).toMatch(/MaxConcurrency[\\"]+:3,/);
});

describe('fails at synth', () => {
  test.each<[string, string, HuggingFaceSourceOptions]>([
    ["'gpt-oss-20b' is no model repository of Hugging Face: it has no owner; write 'owner/name'", 'gpt-oss-20b', {}],
    ["it is a URL; write 'openai/gpt-oss-20b'", 'https://huggingface.co/openai/gpt-oss-20b', {}],
    ["it is in 'datasets/'", 'datasets/openai/gsm8k', {}],
    ["'revision' must be a commit, a tag or a branch, got 'a b'", REPOSITORY, { revision: 'a b' }],
    [
      "'endpoint' must be an origin, got 'https://hub.example.com/models'",
      REPOSITORY,
      { endpoint: 'https://hub.example.com/models' },
    ],
    ["'concurrency' must be a whole number from 1 to 40, got 0", REPOSITORY, { concurrency: 0 }],
    ["'copySecurityGroups' needs 'copyVpc'", REPOSITORY, { copySecurityGroups: [] }],
  ])('%s', (message, repository, options) => {
    expect(() => ModelSource.huggingFace(repository, options)).toThrow(message);
  });

  test('for a copy that is given no time', () => {
    expect(() => copied({ copyTimeout: Duration.minutes(1) })).toThrow("'copyTimeout' must be 5 minutes to 12 hours");
  });

  test('for a repository that is known at deploy time only', () => {
    const name = new CfnParameter(testStack(), 'Name').valueAsString;
    expect(() => ModelSource.huggingFace(name)).toThrow('it is known at deploy time only; write it down');
  });
});

test.each([
  'openai/gpt-oss-20b',
  '',
  'x',
  'a/b/c',
  'models/a/b',
  'a/b.git',
  'a--b/c',
  'https://huggingface.co/a/b',
  '-a/b',
  'spaces/a/b',
])('the id %j is judged as the handlers judge it', (id) => {
  expect(repositoryProblem(id)).toBe(ofWeights.repositoryProblem(id));
});

test.each(['main', 'refs/pr/1', '', 'a b', 'a..b', COMMIT, COMMIT.slice(1)])('the revision %j, too', (revision) => {
  expect([revisionProblem(revision), isCommit(revision)]).toEqual([
    ofWeights.revisionProblem(revision),
    ofWeights.isCommit(revision),
  ]);
});

describe('permissions', () => {
  const statementsOf = (policy: RegExp): Record<string, unknown>[] => {
    const found = Object.entries(resourcesOf(copied().stack, 'AWS::IAM::Policy')).find(([id]) => policy.test(id));
    return (found?.[1].Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement;
  };
  const allowing = (statements: Record<string, unknown>[], action: string) =>
    statements.filter(({ Action }) => [Action].flat().includes(action));

  test('let the copying function look for what is not there yet, and write below its repository only', () => {
    const statements = statementsOf(/CopierRoleDefaultPolicy/);
    for (const action of ['s3:ListBucket', 's3:ListBucketMultipartUploads']) {
      expect(allowing(statements, action)).toMatchObject([
        { Condition: { StringEquals: expect.anything() as object } },
      ]);
      expect(allowing(statements, action)[0]?.['Condition']).not.toHaveProperty('StringLike');
    }
    const [writing] = allowing(statements, 's3:PutObject');
    expect(JSON.stringify(writing?.['Resource'])).toContain(`/hf/${REPOSITORY}/*`);
  });

  test('of a Delete last until after it: they are policies that the resource depends on', () => {
    const [{ DependsOn = [] } = { DependsOn: [] }] = Object.values(resourcesOf(copied().stack, COPY));
    expect(DependsOn.filter((id) => /(Handler|Removal)Policy/.test(id))).toHaveLength(2);
  });

  test('to remove objects are for a bucket of its own, to look revisions up for those that are no commit', () => {
    expect(allowing(statementsOf(/RemovalPolicy/), 's3:DeleteObject')).toHaveLength(1);
    expect(allowing(statementsOf(/HandlerPolicy/), 'lambda:InvokeFunction')).toEqual([]);
    expect(
      allowing(statementsOf(/RemovalPolicy/), 's3:ListBucketMultipartUploads')[0]?.['Condition'],
    ).not.toHaveProperty('StringLike');
  });
});
