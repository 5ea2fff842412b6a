import { awaitStackWeights } from '../../../bin/cli/await-stack';
import { App, Stack as CdkStack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource, WeightsBucket } from '../../../lib';
import { IMPORTED_MODEL_TYPE } from '../../../lib/contract';
import { type FakeStack, fakeStacks } from './ground';

/** As the CDK's command line sets it. */
const context = { 'aws:cdk:enable-path-metadata': true };

const env = { region: 'us-east-1', account: '111122223333' };

/** A stack as it is deployed: every bucket of its template has a name like its logical id. */
function deployed(build: (stack: CdkStack) => void, status = 'CREATE_IN_PROGRESS'): FakeStack {
  const stack = new CdkStack(new App({ context }), 'App', { env });
  build(stack);
  const template = Template.fromStack(stack);
  const buckets = Object.keys(template.findResources('AWS::S3::Bucket'));
  const resources = new Map(buckets.map((id) => [id, `app-${id.toLowerCase()}`]));
  return { status, template: template.toJSON(), resources };
}

const never = { stderr: { write: () => true }, signal: new AbortController().signal };

const found = (stack: FakeStack, model?: string, exports: Record<string, string> = {}) =>
  awaitStackWeights(
    { name: 'App', ...(model !== undefined && { model }) },
    fakeStacks({ App: stack }, exports),
    never,
    1,
  );

describe('the place of the weights', () => {
  test("is the model's own bucket and the version's folder while the stack waits", async () => {
    const stack = deployed((scope) => new GptOssImportedModel(scope, 'Model'));
    const place = await found(stack);
    expect(place.bucket).toMatch(/^app-modelweights/);
    expect(place.prefix).toBe('v1/');
  });

  test('is the bucket and prefix that a source names', async () => {
    const stack = deployed((scope) => {
      const source = ModelSource.s3(Bucket.fromBucketName(scope, 'Old', 'old-weights'), 'med/v3/');
      new GptOssImportedModel(scope, 'Model', { source });
    });
    expect(await found(stack)).toEqual({ bucket: 'old-weights', prefix: 'med/v3/' });
  });

  test('is nowhere for a model that is copied from Hugging Face: an upload would change the copy', async () => {
    const stack = deployed((scope) => {
      const bucket = Bucket.fromBucketName(scope, 'Old', 'old-weights');
      const revision = '6cee5e81ee83917806bbde320786a8fb61efebee';
      new GptOssImportedModel(scope, 'Model', { source: ModelSource.huggingFace('acme/med', { revision, bucket }) });
    });
    await expect(found(stack)).rejects.toThrow(
      /the weights of App\/Model.* are copied from Hugging Face when stack App is deployed: nothing is to be uploaded/,
    );
  });

  test('is a WeightsBucket without a prefix where there is no model, and not just any bucket', async () => {
    const stack = deployed((scope) => {
      new Bucket(scope, 'Logs');
      new WeightsBucket(scope, 'Weights');
    });
    const place = await found(stack);
    expect(place.bucket).toMatch(/^app-weights/);
    expect(place).not.toHaveProperty('prefix');
  });

  test('is chosen by construct id where there are several', async () => {
    const two = deployed((scope) => {
      new GptOssImportedModel(scope, 'Small');
      new GptOssImportedModel(scope, 'Large', { source: ModelSource.upload({ version: 'v2' }) });
    });
    expect(await found(two, 'Large')).toMatchObject({ prefix: 'v2/' });
    await expect(found(two)).rejects.toThrow(/stack App has several: .*Small.*, .*Large.*; choose one by --model/);
    await expect(found(two, 'Medium')).rejects.toThrow(/--model Medium is not one of stack App/);
  });

  test.each([
    ['an export of another stack', { 'Fn::ImportValue': 'Shared:Weights' }],
    ["a parameter's value", { Ref: 'WeightsName' }],
    ['what a template knows without parameters', { 'Fn::Join': ['', ['shared', { Ref: 'AWS::AccountId' }]] }],
    ['text that is joined', { 'Fn::Join': ['-', ['shared', { Ref: 'Half' }]] }],
  ])('is read through %s', async (_, Bucket) => {
    const parameters = new Map([
      ['WeightsName', 'shared-weights'],
      ['Half', 'weights'],
      ['AWS::AccountId', '-weights'],
    ]);
    const template = { Resources: { M: { Type: IMPORTED_MODEL_TYPE, Properties: { Bucket, Prefix: 'v1/' } } } };
    expect(await found({ template, parameters }, undefined, { 'Shared:Weights': 'shared-weights' })).toEqual({
      bucket: 'shared-weights',
      prefix: 'v1/',
    });
  });

  test.each([{ Ref: 'AWS::NoValue' }, { 'Fn::Join': ['-', ['weights', { Ref: 'AWS::AccountId' }]] }])(
    'fails at once for %j, which waiting would not bring',
    async (Bucket) => {
      const template = { Resources: { M: { Type: IMPORTED_MODEL_TYPE, Properties: { Bucket, Prefix: 'v1/' } } } };
      await expect(found({ template, status: 'CREATE_IN_PROGRESS' })).rejects.toThrow(/cannot be read .*AWS::/);
    },
  );

  test('fails by name where it cannot be read', async () => {
    const Bucket = { 'Fn::GetAtt': ['Nested', 'Outputs.Bucket'] };
    const template = { Resources: { M: { Type: IMPORTED_MODEL_TYPE, Properties: { Bucket, Prefix: 'v1/' } } } };
    await expect(found({ template })).rejects.toThrow(/cannot be read from the template .*Nested/);
    await expect(found({ template: { Resources: {} } })).rejects.toThrow(
      'neither an imported model nor a WeightsBucket',
    );
  });
});

describe('waiting for it', () => {
  const stack = deployed((scope) => new GptOssImportedModel(scope, 'Model'));

  test('goes on while the stack is being created', async () => {
    const looks: FakeStack[] = [
      { ...stack, status: 'REVIEW_IN_PROGRESS', resources: new Map() },
      { ...stack, resources: new Map() },
      stack,
    ];
    const stacks = fakeStacks({ App: stack });
    let said = '';
    const place = await awaitStackWeights(
      { name: 'App' },
      { ...stacks, stack: () => fakeStacks({ App: looks.shift() ?? stack }).stack('App') },
      { ...never, stderr: { write: (text) => (said += text) } },
      1,
    );
    expect(place.prefix).toBe('v1/');
    expect(looks).toHaveLength(0);
    expect(said).toBe('stack App is REVIEW_IN_PROGRESS; waiting for its bucket\n');
  });

  test('fails where the stack has come to rest without it', async () => {
    await expect(found({ ...stack, status: 'ROLLBACK_COMPLETE', resources: new Map() })).rejects.toThrow(
      'stack App is ROLLBACK_COMPLETE, and the bucket for its weights is not there',
    );
  });

  test('ends when somebody stops it', async () => {
    const signal = AbortSignal.abort();
    const gone = { ...stack, resources: new Map<string, string>() };
    await expect(
      awaitStackWeights({ name: 'App' }, fakeStacks({ App: gone }), { ...never, signal }, 60_000),
    ).rejects.toThrow('abort');
  });
});
