import { testbed, type Testbed } from './testbed';

const chat = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: 'two words' }], max_tokens: 50 }));

async function names({ bedrock }: Testbed): Promise<string[]> {
  return (await bedrock.call('ListImportedModels', {})).modelSummaries.map(({ modelName }) => modelName);
}

describe('deleting a model', () => {
  test('by ARN or by name makes it unknown at once', async () => {
    const bed = testbed();
    const { importedModelArn } = await bed.importModel('job-1');
    await bed.importModel('job-2');
    await bed.bedrock.call('DeleteImportedModel', { modelIdentifier: importedModelArn });
    await bed.bedrock.call('DeleteImportedModel', { modelIdentifier: 'model-of-job-2' });
    expect(await names(bed)).toEqual([]);
    const gone = bed.bedrock.call('GetImportedModel', { modelIdentifier: importedModelArn });
    await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException', httpStatus: 404 });
  });

  test('fails for one that was never there', async () => {
    const { bedrock } = testbed();
    const never = bedrock.call('DeleteImportedModel', { modelIdentifier: 'never' });
    await expect(never).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('takes as long to be seen as the switch says', async () => {
    const bed = testbed({ deleteSeconds: 30 });
    await bed.importModel();
    await bed.bedrock.call('DeleteImportedModel', { modelIdentifier: 'model-of-job-1' });
    bed.clock.pass(29);
    expect(await names(bed)).toEqual(['model-of-job-1']);
    await bed.bedrock.call('DeleteImportedModel', { modelIdentifier: 'model-of-job-1' });
    bed.clock.pass(1);
    expect(await names(bed)).toEqual([]);
  });

  test.each([
    ['not-found', 'ResourceNotFoundException'],
    ['conflict', 'ConflictException'],
  ] as const)('fails during its import: %s', async (deleteWhileImporting, name) => {
    const { bedrock, create } = testbed({ deleteWhileImporting });
    await create();
    const early = bedrock.call('DeleteImportedModel', { modelIdentifier: 'model-of-job-1' });
    await expect(early).rejects.toMatchObject({ name });
  });

  test('fails while it is in use, where the switch says so', async () => {
    const { bedrock, clock, importModel } = testbed({ deleteWhileInUse: 'conflict' });
    const { importedModelArn: modelIdentifier } = await importModel();
    await bedrock.call('InvokeModel', { modelId: modelIdentifier, body: chat });
    const remove = () => bedrock.call('DeleteImportedModel', { modelIdentifier });
    await expect(remove()).rejects.toMatchObject({ name: 'ConflictException' });
    clock.pass(300);
    await expect(remove()).resolves.toEqual({});
  });
});

test('of two models with one name, the name means the newer', async () => {
  const { bedrock, importModel } = testbed({ duplicateModelName: 'allowed' });
  await importModel('job-1', { importedModelName: 'med' });
  await importModel('job-2', { importedModelName: 'med' });
  expect(await bedrock.call('GetImportedModel', { modelIdentifier: 'med' })).toMatchObject({ jobName: 'job-2' });
});

test('a model may be known later than its job is Completed', async () => {
  const bed = testbed({ modelVisibleDelaySeconds: 20 });
  const { status } = await bed.importModel();
  expect([status, await names(bed)]).toEqual(['Completed', []]);
  bed.clock.pass(20);
  expect(await names(bed)).toEqual(['model-of-job-1']);
});

test('a job may be known later than its creation is answered', async () => {
  const { bedrock, clock, create } = testbed({ jobVisibleDelaySeconds: 5 });
  const jobIdentifier = await create();
  await expect(bedrock.call('GetModelImportJob', { jobIdentifier })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  clock.pass(5);
  await expect(bedrock.call('GetModelImportJob', { jobIdentifier })).resolves.toMatchObject({ status: 'InProgress' });
});

test('a model’s optional members may be missing', async () => {
  const { bedrock, importModel } = testbed({ modelDetails: 'missing' });
  await importModel();
  const model = await bedrock.call('GetImportedModel', { modelIdentifier: 'model-of-job-1' });
  expect(Object.keys(model).sort()).toEqual([
    'creationTime',
    'jobArn',
    'jobName',
    'modelArn',
    'modelDataSource',
    'modelName',
  ]);
});

describe('a list', () => {
  const filled = async () => {
    const bed = testbed({ maxModels: 100, pageSize: 2 });
    for (const job of ['red-1', 'red-2', 'blue-1', 'red-3', 'blue-2']) await bed.importModel(job);
    return bed;
  };

  test.each(['Ascending', 'Descending'] as const)('of jobs comes in pages, %s', async (sortOrder) => {
    const { bedrock } = await filled();
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await bedrock.call('ListModelImportJobs', {
        sortOrder,
        maxResults: 1000,
        ...(nextToken ? { nextToken } : {}),
      });
      expect(page.modelImportJobSummaries.length).toBeLessThanOrEqual(2);
      found.push(...page.modelImportJobSummaries.map(({ jobName }) => jobName));
      nextToken = page.nextToken;
    } while (nextToken);
    const oldestFirst = ['red-1', 'red-2', 'blue-1', 'red-3', 'blue-2'];
    expect(found).toEqual(sortOrder === 'Ascending' ? oldestFirst : oldestFirst.toReversed());
  });

  test('of models shows each one once when others go between two pages', async () => {
    const { bedrock } = await filled();
    const first = await bedrock.call('ListImportedModels', { sortOrder: 'Ascending' });
    await bedrock.call('DeleteImportedModel', { modelIdentifier: 'model-of-red-1' });
    const second = await bedrock.call('ListImportedModels', { sortOrder: 'Ascending', nextToken: first.nextToken });
    expect(second.modelSummaries.map(({ modelName }) => modelName)).toEqual(['model-of-blue-1', 'model-of-red-3']);
  });

  test('is filtered by part of the name, by time and by status', async () => {
    const { bedrock, create } = await filled();
    await create('blue-3');
    const jobs = async (request: object) =>
      (await bedrock.call('ListModelImportJobs', { ...request, sortOrder: 'Ascending' })).modelImportJobSummaries.map(
        (job) => job.jobName,
      );
    expect(await jobs({ nameContains: 'lue-' })).toEqual(['blue-1', 'blue-2']);
    expect(await jobs({ statusEquals: 'InProgress' })).toEqual(['blue-3']);
    expect(await jobs({ creationTimeAfter: '2026-11-21T12:30:00Z' })).toEqual(['blue-2', 'blue-3']);
    expect(await jobs({ creationTimeBefore: '2026-11-21T12:10:00Z' })).toEqual(['red-1']);
  });

  test.each([
    [{ maxResults: 0 }, 'maxResults'],
    [{ maxResults: 1001 }, 'maxResults'],
    [{ nextToken: 'made-up' }, 'nextToken'],
    [{ sortOrder: 'Sideways' }, 'enum value set: [Ascending, Descending]'],
    [{ statusEquals: 'Complete' }, 'InProgress, Completed, Failed'],
    [{ creationTimeAfter: 'yesterday' }, 'creationTimeAfter'],
  ])('fails with %j', async (request, message) => {
    const { bedrock } = testbed();
    await expect(bedrock.call('ListModelImportJobs', request)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('tags', () => {
  test('of job and model are apart, and change in place', async () => {
    const { bedrock, importModel } = testbed();
    const jobTags = [{ key: 'owner', value: 'me' }];
    const { jobArn, importedModelArn: resourceARN } = await importModel('job-1', {
      jobTags,
      importedModelTags: [{ key: 'team', value: 'a' }],
    });
    await bedrock.call('TagResource', {
      resourceARN,
      tags: [
        { key: 'team', value: 'b' },
        { key: 'stage', value: '' },
      ],
    });
    await bedrock.call('UntagResource', { resourceARN, tagKeys: ['stage', 'absent'] });
    expect(await bedrock.call('ListTagsForResource', { resourceARN })).toEqual({ tags: [{ key: 'team', value: 'b' }] });
    expect(await bedrock.call('ListTagsForResource', { resourceARN: jobArn })).toEqual({ tags: jobTags });
  });

  test('fail past fifty, leaving what was there', async () => {
    const { bedrock, importModel } = testbed();
    const { importedModelArn: resourceARN } = await importModel('job-1', {
      importedModelTags: [{ key: 'a', value: '' }],
    });
    const tags = Array.from({ length: 50 }, (_, at) => ({ key: `tag-${at}`, value: '' }));
    await expect(bedrock.call('TagResource', { resourceARN, tags })).rejects.toMatchObject({
      name: 'TooManyTagsException',
    });
    expect((await bedrock.call('ListTagsForResource', { resourceARN })).tags).toHaveLength(1);
  });

  test('fail for what is not there', async () => {
    const { bedrock } = testbed();
    const resourceARN = 'arn:aws:bedrock:us-east-1:000000000000:imported-model/abcdefghijkl';
    const missing = bedrock.call('ListTagsForResource', { resourceARN });
    await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('invoking a model', () => {
  test('answers in the shape of a chat completion, and says that it is an emulator', async () => {
    const { bedrock, importModel } = testbed();
    const { importedModelArn: modelId = '' } = await importModel();
    const { body, contentType } = await bedrock.call('InvokeModel', {
      modelId,
      contentType: 'application/json',
      body: chat,
    });
    expect(contentType).toBe('application/json');
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
      object: 'chat.completion',
      model: `000000000000-${modelId.slice(-12)}`,
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: expect.stringContaining('emulator') as string },
        },
      ],
      usage: { prompt_tokens: 2 },
    });
  });

  test.each([
    ['a body that is not JSON', { body: Buffer.from('hi') }, 'not a JSON object'],
    ['no messages', { body: Buffer.from('{"prompt":"hi"}') }, 'messages must be a list'],
    ['messages that are a text', { body: Buffer.from('{"messages":"hi"}') }, 'messages must be a list'],
    ['a message without a role', { body: Buffer.from('{"messages":[{}]}') }, 'role'],
    ['a body that is plain text', { body: chat, contentType: 'text/plain' }, 'text/plain'],
    ['the model’s name instead of its ARN', { body: chat, modelId: 'model-of-job-1' }, 'model identifier is invalid'],
  ])('fails with %s', async (_, request, message) => {
    const { bedrock, importModel } = testbed();
    const { importedModelArn: modelId } = await importModel();
    await expect(bedrock.call('InvokeModel', { modelId, ...request })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
  });
});
