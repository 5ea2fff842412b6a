import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { GptOss, GptOssImportedModel, HubRepairs, HuggingFaceSourceOptions, ModelSource } from '../../lib';
import { hubEndpoint } from '../../lib/hub-endpoint';
import { isCommit, normalRevision, repositoryProblem, revisionProblem } from '../../lib/hub-repository';
import { HubOptionError, originOf } from '../../weights/hub/endpoint';
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

describe('what was copied', () => {
  const outputs = (options: HuggingFaceSourceOptions) => {
    const { stack, model } = copied(options);
    return { resolved: stack.resolve(model.huggingFaceCopy) as unknown, resources: Object.keys(resourcesOf(stack)) };
  };
  const of = (resources: string[], pattern: RegExp) => (name: string) => ({
    'Fn::GetAtt': [resources.find((id) => pattern.test(id)), name],
  });

  test('of a commit is told by the copy, but for what is known already', () => {
    const { resolved, resources } = outputs({});
    const answer = of(resources, /^ModelCopy[0-9A-F]{8}$/);
    expect(resolved).toEqual({
      prefix: `hf/${REPOSITORY}/${COMMIT}-r1/`,
      commit: COMMIT,
      files: answer('Files'),
      bytes: answer('Bytes'),
      hash: answer('Hash'),
    });
  });

  test('of a branch is told by the last link of the chain', () => {
    const { resolved, resources } = outputs({ revision: 'main', copyTimeout: Duration.hours(1) });
    const answer = of(resources, /^ModelCopyWait2/);
    expect(resolved).toMatchObject({ prefix: answer('Prefix'), commit: answer('Commit'), files: answer('Files') });
  });

  test('is nothing where the weights are there already', () => {
    const stack = testStack();
    const source = ModelSource.s3(Bucket.fromBucketName(stack, 'Bucket', 'weights'), 'v1/');
    expect(new GptOssImportedModel(stack, 'Model', { source }).huggingFaceCopy).toBeUndefined();
  });
});

test('a commit in capitals pins the content, in the letters that the Hub writes', () => {
  const { stack, model } = copied({ revision: COMMIT.toUpperCase() });
  expect(model.weightsPrefix).toBe(`hf/${REPOSITORY}/${COMMIT}-r1/`);
  expect(theOnly(stack, COPY).Properties['Revision']).toBe(COMMIT);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test.each([
  ['https://hub.example.com', 'https://hub.example.com'],
  ['https://hub.example.com/', 'https://hub.example.com'],
  ['HTTPS://Hub.Example.com:8443', 'https://hub.example.com:8443'],
  ['http://10.0.0.1:8080/', 'http://10.0.0.1:8080'],
])('the Hub at %s is asked as %s', (endpoint, origin) => {
  expect(theOnly(copied({ endpoint }).stack, COPY).Properties['Endpoint']).toBe(origin);
});

test('an endpoint that is known at deploy time only is let through', () => {
  const stack = testStack();
  const endpoint = new CfnParameter(stack, 'Hub').valueAsString;
  const source = ModelSource.huggingFace(REPOSITORY, { revision: COMMIT, endpoint });
  new GptOssImportedModel(stack, 'Model', { source });
  expect(theOnly(stack, COPY).Properties['Endpoint']).toEqual({ Ref: 'Hub' });
});

test.each([
  ['HTTP://hub.example.com', 1],
  ['https://hub.example.com', 0],
])('a token for %s: %d warnings that it would travel unencrypted', (endpoint, warnings) => {
  const stack = testStack();
  const tokenSecret = Secret.fromSecretNameV2(stack, 'Token', 'hugging-face');
  const source = ModelSource.huggingFace(REPOSITORY, { revision: COMMIT, endpoint, tokenSecret });
  new GptOssImportedModel(stack, 'Model', { source });
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('would travel unencrypted'));
  expect(found).toHaveLength(warnings);
});

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
    ["it is a URL; write 'openai/gpt-oss-20b'", 'hf://openai/gpt-oss-20b', {}],
    ["write 'openai/gpt-oss-20b', and give 'v1' as its revision", 'openai/gpt-oss-20b@v1', {}],
    ["write 'openai/gpt-oss-20b', and give 'v1' as its revision", `https://huggingface.co/${REPOSITORY}/tree/v1`, {}],
    ["and give 'refs/pr/1' as its revision", `https://huggingface.co/${REPOSITORY}/tree/refs%2Fpr%2F1`, {}],
    ["got '6cee5e8': it has 7 hexadecimal digits, and a commit has 40", REPOSITORY, { revision: '6cee5e8' }],
    ['it has 41 hexadecimal digits, and a commit has 40', REPOSITORY, { revision: `${COMMIT}0` }],
    ["'revision' must be a commit, a tag or a branch, got 'a b'", REPOSITORY, { revision: 'a b' }],
    [
      "got 'https://hub.example.com/models': it has more than scheme, host and port",
      REPOSITORY,
      { endpoint: 'https://hub.example.com/models' },
    ],
    ['it must begin with https://', REPOSITORY, { endpoint: 'hub.example.com:8080' }],
    ['it must begin with https://', REPOSITORY, { endpoint: 'ftp://hub.example.com' }],
    ['it is empty; leave it out', REPOSITORY, { endpoint: '' }],
    ['it has a space or a line break in it', REPOSITORY, { endpoint: 'https://hub.example.com\n' }],
    ['it is no address', REPOSITORY, { endpoint: 'https://hub.example.com:port' }],
    [
      "got 'https://***@hub.example.com': it has a password in it; give a 'tokenSecret' instead",
      REPOSITORY,
      { endpoint: 'https://me:pw@hub.example.com' },
    ],
    ["'concurrency' must be a whole number from 1 to 40, got 0", REPOSITORY, { concurrency: 0 }],
    ["'copySecurityGroups' needs 'copyVpc'", REPOSITORY, { copySecurityGroups: [] }],
  ])('%s', (message, repository, options) => {
    expect(() => ModelSource.huggingFace(repository, options)).toThrow(message);
  });

  test.each([
    ['me:hf_secret@hub.example.com', "got '***@hub.example.com'"],
    ['https:me:hf_secret@hub.example.com', "got 'https:***@hub.example.com'"],
    ['https://me:hf_/secret@hub.example.com', "got 'https://***@hub.example.com'"],
    ['https://me:hf_@secret@hub.example.com', "got 'https://***@hub.example.com'"],
    ['HTTPS://me:hf_\nsecret@hub.example.com', "got 'HTTPS://***@hub.example.com'"],
    ['ftp://me:hf_secret@hub.example.com', "got '***@hub.example.com'"],
  ])('for the endpoint %j, without a word of its password', (endpoint, words) => {
    const made = () => ModelSource.huggingFace(REPOSITORY, { endpoint });
    expect(made).toThrow(words);
    expect(made).not.toThrow(/hf_|secret@/);
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
  'a/b@v1',
  'hf://a/b@refs/pr/1',
  'https://huggingface.co/a/b/tree/v1',
  'https://huggingface.co/a/b/tree/refs%2fpr%2F1',
])('the id %j is judged as the handlers judge it', (id) => {
  expect(repositoryProblem(id)).toBe(ofWeights.repositoryProblem(id));
});

test.each(['main', 'refs/pr/1', '', 'a b', 'a..b', COMMIT, COMMIT.slice(1), COMMIT.toUpperCase()])(
  'the revision %j, too',
  (revision) => {
    expect([revisionProblem(revision), isCommit(revision), normalRevision(revision)]).toEqual([
      ofWeights.revisionProblem(revision),
      ofWeights.isCommit(revision),
      ofWeights.normalRevision(revision),
    ]);
  },
);

describe('the address of a Hub is judged as the handlers judge it', () => {
  const judged = (judge: () => string): string => {
    try {
      return judge();
    } catch (error) {
      // the handlers are given a token, and the construct the secret that holds it
      if (error instanceof HubOptionError) return error.problem.replace('a token', "a 'tokenSecret'");
      if (error instanceof Error) return error.message.replace(/^'endpoint' must be an origin .*?': /s, '');
      throw error;
    }
  };

  test.each([
    ['https://huggingface.co', 'https://huggingface.co'],
    ['HTTP://Hub.Example:8080/', 'http://hub.example:8080'],
    ['https://hub.example:443', 'https://hub.example'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['', 'it is empty; leave'],
    ['https://hub.example\n', 'it has a space or a line break'],
    ['hub.example', 'it must begin with'],
    ['ftp://hub.example', 'it must begin with'],
    ['https://hub.example:port', 'it is no address'],
    ['https://me:pw@hub.example', "it has a password in it; give a 'tokenSecret' instead"],
    ['https://hub.example/hf', "at the root of its host; if it answers there, write 'https://hub.example'"],
    ['https://hub.example?a', 'it has more than scheme, host and port'],
    ['https://hub.example/#a', 'it has more than scheme, host and port'],
  ])('%j', (endpoint, words) => {
    const here = judged(() => hubEndpoint(endpoint));
    expect(here).toContain(words);
    expect(here).toBe(judged(() => originOf(endpoint).origin));
  });
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
