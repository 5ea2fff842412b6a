import {
  BedrockClient,
  ConflictException,
  CreateModelImportJobCommand,
  DeleteImportedModelCommand,
  GetImportedModelCommand,
  GetModelImportJobCommand,
  ListImportedModelsCommand,
  ListModelImportJobsCommand,
  ListTagsForResourceCommand,
  type ModelImportJobSummary,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  TagResourceCommand,
  ThrottlingException,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import { bedrockImports } from '../../lambda/imported-model/bedrock';
import type { JobOrder } from '../../lambda/imported-model/port';
import { JOB_NAME, jobArn, modelArn, NAME, ROLE } from './fixtures';

const bedrock = mockClient(BedrockClient);
const imports = bedrockImports(new BedrockClient({ region: 'us-east-1' }));
const created = new Date('2026-11-21T10:00:00Z');
const missing = new ResourceNotFoundException({ message: 'no such thing', $metadata: { httpStatusCode: 404 } });
const throttled = new ThrottlingException({ message: 'slow down', $metadata: { httpStatusCode: 429 } });

beforeEach(() => bedrock.reset());

const inputs = () => bedrock.calls().map((call) => call.args[0].input);

describe('a job', () => {
  test('is found by its name', async () => {
    bedrock.on(GetModelImportJobCommand).resolves({
      jobArn: jobArn(JOB_NAME),
      jobName: JOB_NAME,
      importedModelName: NAME,
      status: 'Failed',
      failureMessage: 'broken',
    });
    expect(await imports.job(JOB_NAME)).toEqual({
      arn: jobArn(JOB_NAME),
      name: JOB_NAME,
      status: 'Failed',
      modelName: NAME,
      failure: 'broken',
    });
    expect(inputs()).toEqual([{ jobIdentifier: JOB_NAME }]);
  });

  test('of which Bedrock says nothing is taken to run', async () => {
    bedrock.on(GetModelImportJobCommand).resolves({});
    expect(await imports.job(JOB_NAME)).toEqual({
      arn: '',
      name: JOB_NAME,
      status: 'InProgress',
      modelName: '',
      failure: '',
    });
  });

  test('that does not exist is undefined', async () => {
    bedrock.on(GetModelImportJobCommand).rejects(missing);
    expect(await imports.job(JOB_NAME)).toBeUndefined();
  });

  test('fails when Bedrock is busy', async () => {
    bedrock.on(GetModelImportJobCommand).rejects(throttled);
    await expect(imports.job(JOB_NAME)).rejects.toMatchObject({
      kind: 'passing',
      call: 'GetModelImportJob',
      message: 'ThrottlingException: slow down',
    });
  });
});

describe('jobs that are not settled', () => {
  const since = created.getTime();
  const minute = 60_000;
  const summary = (name: string, more: Partial<ModelImportJobSummary> = {}): ModelImportJobSummary => ({
    jobArn: jobArn(name),
    jobName: name,
    status: 'InProgress',
    creationTime: created,
    importedModelName: `${name}-model`,
    ...more,
  });
  const unsettled = (name: string, isRunning = true) => ({
    arn: jobArn(name),
    name,
    modelName: `${name}-model`,
    isRunning,
  });

  test('are listed from every page, of the last two days', async () => {
    bedrock
      .on(ListModelImportJobsCommand, { creationTimeAfter: new Date(since - 2 * 24 * 60 * minute) })
      .resolves({ modelImportJobSummaries: [summary('one')], nextToken: 'next' })
      .on(ListModelImportJobsCommand, { nextToken: 'next' })
      .resolves({ modelImportJobSummaries: [summary('two')] });
    expect(await imports.unsettledJobs(since)).toEqual([unsettled('one'), unsettled('two')]);
  });

  test('are those that run or have just completed', async () => {
    const completed = (endTime: number) => ({ status: 'Completed', endTime: new Date(endTime) }) as const;
    bedrock.on(ListModelImportJobsCommand).resolves({
      modelImportJobSummaries: [
        summary('running', { endTime: new Date(since - minute) }),
        summary('just', completed(since)),
        summary('long ago', completed(since - 1)),
        summary('failed', { status: 'Failed', endTime: new Date(since) }),
        summary('changed', { status: 'Completed', lastModifiedTime: new Date(since) }),
        summary('untimed', { status: 'Completed' }),
      ],
    });
    expect(await imports.unsettledJobs(since)).toEqual([
      unsettled('running'),
      unsettled('just', false),
      unsettled('changed', false),
    ]);
  });

  test('have texts for whatever Bedrock leaves out', async () => {
    const bare = { ...summary('bare'), jobArn: undefined, jobName: undefined, importedModelName: undefined };
    bedrock.on(ListModelImportJobsCommand).resolves({ modelImportJobSummaries: [bare] });
    expect(await imports.unsettledJobs(since)).toEqual([{ arn: '', name: '', modelName: '', isRunning: true }]);
  });

  test('may be none', async () => {
    bedrock.on(ListModelImportJobsCommand).resolves({});
    expect(await imports.unsettledJobs(since)).toEqual([]);
  });

  test('fails when a later page fails', async () => {
    bedrock
      .on(ListModelImportJobsCommand)
      .resolvesOnce({ modelImportJobSummaries: [summary('one')], nextToken: 'next' })
      .rejects(throttled);
    await expect(imports.unsettledJobs(since)).rejects.toMatchObject({ kind: 'passing', call: 'ListModelImportJobs' });
  });
});

describe('a model', () => {
  test('is found by its name, with its tags', async () => {
    bedrock
      .on(GetImportedModelCommand)
      .resolves({
        modelArn: modelArn(NAME),
        modelName: NAME,
        jobArn: jobArn(JOB_NAME),
        jobName: JOB_NAME,
        modelArchitecture: 'gpt_oss',
        customModelUnits: { customModelUnitsPerModelCopy: 2, customModelUnitsVersion: 'v1.0' },
      })
      .on(ListTagsForResourceCommand)
      .resolves({ tags: [{ key: 'team', value: 'search' }] });
    expect(await imports.model(NAME)).toEqual({
      arn: modelArn(NAME),
      name: NAME,
      tags: { team: 'search' },
      architecture: 'gpt_oss',
      jobArn: jobArn(JOB_NAME),
      jobName: JOB_NAME,
      unitsPerCopy: '2',
      unitsVersion: 'v1.0',
    });
    expect(inputs()).toEqual([{ modelIdentifier: NAME }, { resourceARN: modelArn(NAME) }]);
  });

  test('has texts for whatever Bedrock leaves out: a missing attribute fails a stack', async () => {
    bedrock
      .on(GetImportedModelCommand)
      .resolves({ modelArn: modelArn(NAME) })
      .on(ListTagsForResourceCommand)
      .resolves({});
    expect(await imports.model(NAME)).toEqual({
      arn: modelArn(NAME),
      name: NAME,
      tags: {},
      architecture: '',
      jobArn: '',
      jobName: '',
      unitsPerCopy: '',
      unitsVersion: '',
    });
  });

  test('that does not exist is undefined', async () => {
    bedrock.on(GetImportedModelCommand).rejects(missing);
    expect(await imports.model(NAME)).toBeUndefined();
  });

  test('without an ARN counts as not visible yet, because nobody could tag or delete it', async () => {
    bedrock.on(GetImportedModelCommand).resolves({ modelName: NAME });
    expect(await imports.model(NAME)).toBeUndefined();
    expect(inputs()).toEqual([{ modelIdentifier: NAME }]);
  });

  test('that is gone before its tags are read is undefined', async () => {
    bedrock
      .on(GetImportedModelCommand)
      .resolves({ modelArn: modelArn(NAME) })
      .on(ListTagsForResourceCommand)
      .rejects(missing);
    expect(await imports.model(NAME)).toBeUndefined();
  });

  test('fails when its tags may not be read: without them it would look like a stranger', async () => {
    bedrock
      .on(GetImportedModelCommand)
      .resolves({ modelArn: modelArn(NAME) })
      .on(ListTagsForResourceCommand)
      .rejects(throttled);
    await expect(imports.model(NAME)).rejects.toMatchObject({ kind: 'passing', call: 'ListTagsForResource' });
  });
});

describe('models', () => {
  const summary = (name: string) => ({ modelArn: modelArn(name), modelName: name, creationTime: created });

  test('are listed from every page', async () => {
    bedrock
      .on(ListImportedModelsCommand)
      .resolves({ modelSummaries: [summary('one')], nextToken: 'next' })
      .on(ListImportedModelsCommand, { nextToken: 'next' })
      .resolves({ modelSummaries: [summary('two')] });
    expect(await imports.models()).toEqual([
      { arn: modelArn('one'), name: 'one' },
      { arn: modelArn('two'), name: 'two' },
    ]);
  });

  test('have texts for whatever Bedrock leaves out', async () => {
    const bare = { ...summary('bare'), modelArn: undefined, modelName: undefined };
    bedrock.on(ListImportedModelsCommand).resolves({ modelSummaries: [bare] });
    expect(await imports.models()).toEqual([{ arn: '', name: '' }]);
  });

  test('may be none', async () => {
    bedrock.on(ListImportedModelsCommand).resolves({});
    expect(await imports.models()).toEqual([]);
  });
});

describe('making a job', () => {
  const order: JobOrder = {
    jobName: JOB_NAME,
    modelName: NAME,
    roleArn: ROLE,
    s3Uri: 's3://weights/20b/v2/',
    modelKeyArn: '',
    subnetIds: [],
    securityGroupIds: [],
    tags: { team: 'search' },
  };
  const smallest = {
    jobName: JOB_NAME,
    importedModelName: NAME,
    roleArn: ROLE,
    modelDataSource: { s3DataSource: { s3Uri: 's3://weights/20b/v2/' } },
    clientRequestToken: JOB_NAME,
    jobTags: [{ key: 'team', value: 'search' }],
    importedModelTags: [{ key: 'team', value: 'search' }],
  };

  test('sends what is needed and nothing that is empty', async () => {
    bedrock.on(CreateModelImportJobCommand).resolves({ jobArn: jobArn(JOB_NAME) });
    await imports.createJob(order);
    expect(inputs()).toStrictEqual([smallest]);
  });

  test('sends key and network when there are any', async () => {
    bedrock.on(CreateModelImportJobCommand).resolves({ jobArn: jobArn(JOB_NAME) });
    await imports.createJob({ ...order, modelKeyArn: 'key', subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] });
    expect(inputs()).toStrictEqual([
      { ...smallest, importedModelKmsKeyId: 'key', vpcConfig: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] } },
    ]);
  });

  test.each([
    ['quota', new ServiceQuotaExceededException({ message: 'more', $metadata: { httpStatusCode: 400 } })],
    ['conflict', new ConflictException({ message: 'taken', $metadata: { httpStatusCode: 400 } })],
    ['passing', throttled],
  ])('fails by kind: %s', async (kind, error) => {
    bedrock.on(CreateModelImportJobCommand).rejects(error);
    await expect(imports.createJob(order)).rejects.toMatchObject({ kind, call: 'CreateModelImportJob' });
    expect(bedrock.calls()).toHaveLength(1);
  });
});

describe('deleting a model', () => {
  test('names it by its ARN', async () => {
    bedrock.on(DeleteImportedModelCommand).resolves({});
    await imports.deleteModel(modelArn(NAME));
    expect(inputs()).toEqual([{ modelIdentifier: modelArn(NAME) }]);
  });

  test('that is gone succeeds', async () => {
    bedrock.on(DeleteImportedModelCommand).rejects(missing);
    await expect(imports.deleteModel(modelArn(NAME))).resolves.toBeUndefined();
  });

  test('fails while it is in use', async () => {
    bedrock
      .on(DeleteImportedModelCommand)
      .rejects(new ConflictException({ message: 'in use', $metadata: { httpStatusCode: 400 } }));
    await expect(imports.deleteModel(modelArn(NAME))).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('tags', () => {
  test('are read, set and dropped by ARN', async () => {
    bedrock.on(ListTagsForResourceCommand).resolves({ tags: [{ key: 'a', value: '1' }] });
    bedrock.on(TagResourceCommand).resolves({}).on(UntagResourceCommand).resolves({});
    expect(await imports.tags(jobArn(JOB_NAME))).toEqual({ a: '1' });
    await imports.setTags(modelArn(NAME), { b: '2', c: '' });
    await imports.dropTags(modelArn(NAME), ['a']);
    expect(inputs()).toEqual([
      { resourceARN: jobArn(JOB_NAME) },
      {
        resourceARN: modelArn(NAME),
        tags: [
          { key: 'b', value: '2' },
          { key: 'c', value: '' },
        ],
      },
      { resourceARN: modelArn(NAME), tagKeys: ['a'] },
    ]);
  });

  test('of what does not exist are none', async () => {
    bedrock.on(ListTagsForResourceCommand).rejects(missing);
    expect(await imports.tags(jobArn(JOB_NAME))).toEqual({});
  });

  test('fails to set them on what does not exist', async () => {
    bedrock.on(TagResourceCommand).rejects(missing);
    await expect(imports.setTags(modelArn(NAME), { a: '1' })).rejects.toMatchObject({
      kind: 'invalid',
      call: 'TagResource',
    });
  });
});
