import { account, folder, putFolder, roleArn, testbed } from './testbed';

describe('an import job', () => {
  test('takes its time, then ends with a model of its own', async () => {
    const { bedrock, clock, create } = testbed();
    const jobArn = await create('job-1', { importedModelName: 'med' });
    expect(jobArn).toMatch(new RegExp(`^arn:aws:bedrock:us-east-1:${account}:model-import-job/[a-z0-9]{12}$`));
    clock.pass(599);
    const running = await bedrock.call('GetModelImportJob', { jobIdentifier: jobArn });
    expect(running).toMatchObject({ status: 'InProgress', jobName: 'job-1', importedModelName: 'med', roleArn });
    expect(running).not.toHaveProperty('importedModelArn');
    expect(running).not.toHaveProperty('endTime');
    clock.pass(1);
    const done = await bedrock.call('GetModelImportJob', { jobIdentifier: 'job-1' });
    expect(done).toMatchObject({ status: 'Completed', endTime: '2026-11-21T12:10:00.000Z' });
    expect(await bedrock.call('GetImportedModel', { modelIdentifier: 'med' })).toMatchObject({
      modelArn: done.importedModelArn,
      jobArn,
      modelArchitecture: 'gpt_oss',
      instructSupported: false,
      customModelUnits: { customModelUnitsVersion: 'v2.0' },
    });
  });

  test('has the end that it would have had, however late somebody looks', async () => {
    const { bedrock, clock, create } = testbed();
    await create();
    clock.pass(86_400);
    const job = await bedrock.call('GetModelImportJob', { jobIdentifier: 'job-1' });
    expect(job.endTime).toBe('2026-11-21T12:10:00.000Z');
  });

  test.each([
    ['start', 'Failed'],
    ['end', 'Completed'],
  ] as const)('that reads at its %s and whose weights arrive meanwhile is %s', async (weightsReadAt, status) => {
    const { bedrock, clock, weights, create } = testbed({ weightsReadAt });
    weights.buckets.get('weights')?.clear();
    await create();
    putFolder(weights);
    clock.pass(600);
    expect(await bedrock.call('GetModelImportJob', { jobIdentifier: 'job-1' })).toMatchObject({ status });
  });

  test('fails when its bucket is in another Region', async () => {
    const { weights, importModel } = testbed();
    weights.region = 'eu-central-1';
    const job = await importModel();
    expect(job).toMatchObject({ status: 'Failed', failureMessage: expect.stringContaining('eu-central-1') as string });
  });
});

describe('creating an import job fails', () => {
  test.each([
    ['a job name with an underscore', { jobName: 'a_b' }, "'a_b' at 'jobName'"],
    ['a job name of 64 characters', { jobName: 'a'.repeat(64) }, 'length less than or equal to 63'],
    ['a model name with a dot', { importedModelName: 'gpt-oss-20b-v1.0' }, "at 'importedModelName'"],
    ['a model name with a double separator', { importedModelName: 'a--b' }, "at 'importedModelName'"],
    ['no role', { roleArn: undefined }, "Value null at 'roleArn'"],
    ['a user instead of a role', { roleArn: `arn:aws:iam::${account}:user/me` }, "at 'roleArn'"],
    ['a plus in the key', { modelDataSource: { s3DataSource: { s3Uri: 's3://weights/a+b/' } } }, 's3DataSource.s3Uri'],
    ['a double slash', { modelDataSource: { s3DataSource: { s3Uri: 's3://weights/a//b' } } }, 's3DataSource.s3Uri'],
    ['a data source of no kind', { modelDataSource: {} }, 'exactly one of its members'],
    ['a VPC without subnets', { vpcConfig: { subnetIds: [], securityGroupIds: ['sg-1'] } }, 'vpcConfig.subnetIds'],
    [
      'six security groups',
      { vpcConfig: { subnetIds: ['subnet-1'], securityGroupIds: Array(6).fill('sg-1') } },
      'securityGroupIds',
    ],
    ['an empty token', { clientRequestToken: '' }, 'clientRequestToken'],
    ['a tag with a bracket', { jobTags: [{ key: 'a[0]', value: '' }] }, 'jobTags.1.member.key'],
    ['a tag of AWS', { importedModelTags: [{ key: 'aws:x', value: '' }] }, "'aws:'"],
    [
      'the same tag twice',
      {
        jobTags: [
          { key: 'a', value: '1' },
          { key: 'a', value: '2' },
        ],
      },
      'unique',
    ],
  ])('with %s', async (_, request, message) => {
    const { bedrock, create } = testbed();
    await expect(create('job-1', request)).rejects.toMatchObject({
      name: 'ValidationException',
      httpStatus: 400,
      message: expect.stringContaining(message) as string,
    });
    expect((await bedrock.look()).jobs).toHaveLength(0);
  });

  test('with several problems at once, and lists them all', async () => {
    const { create } = testbed();
    await expect(create('a_b', { importedModelName: 'a.b' })).rejects.toThrow(/^2 validation errors detected: .*; /);
  });

  test('with 51 tags', async () => {
    const { create } = testbed();
    const jobTags = Array.from({ length: 51 }, (_, at) => ({ key: `tag-${at}`, value: '' }));
    await expect(create('job-1', { jobTags })).rejects.toMatchObject({ name: 'TooManyTagsException' });
  });

  test('quickly with a job name on which the published pattern backtracks for ever', async () => {
    const { create } = testbed();
    await expect(create(`a${'-'.repeat(60)}_`)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('while another one runs, and no longer when it has ended', async () => {
    const { clock, create } = testbed();
    await create('job-1');
    await expect(create('job-2')).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
      httpStatus: 400,
      message: expect.stringContaining('Concurrent model import jobs') as string,
    });
    clock.pass(600);
    await expect(create('job-2')).resolves.toContain(':model-import-job/');
  });

  test('for one of two that are sent at the same moment', async () => {
    const { create } = testbed();
    const outcomes = await Promise.allSettled([create('job-1'), create('job-2')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('when running imports would fill the quota of models', async () => {
    const { create } = testbed({ maxConcurrentJobs: 5, maxModels: 2 });
    await create('job-1');
    await create('job-2');
    await expect(create('job-3')).rejects.toThrow('Imported models per account (2)');
  });

  test('with a fourth model under the same exception name, until one is deleted', async () => {
    const { bedrock, create, importModel } = testbed();
    for (const job of ['job-1', 'job-2', 'job-3']) await importModel(job);
    await expect(create('job-4')).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
      message: expect.stringContaining('Imported models per account') as string,
    });
    await bedrock.call('DeleteImportedModel', { modelIdentifier: 'model-of-job-2' });
    await expect(create('job-4')).resolves.toContain(':model-import-job/');
  });

  test.each([
    ['conflict', 'ConflictException'],
    ['refused', 'ValidationException'],
  ] as const)('with a job name that a failed job had, %s', async (duplicateJobName, name) => {
    const { weights, create, importModel } = testbed({ duplicateJobName });
    weights.buckets.get('weights')?.clear();
    expect((await importModel('job-1')).status).toBe('Failed');
    await expect(create('job-1')).rejects.toMatchObject({ name, httpStatus: 400 });
  });

  test.each([
    ['conflict', 'ConflictException'],
    ['refused', 'ValidationException'],
  ] as const)('with the name of a model that exists, %s', async (duplicateModelName, name) => {
    const { bedrock, create, importModel } = testbed({ duplicateModelName });
    await importModel('job-1', { importedModelName: 'med' });
    await expect(create('job-2', { importedModelName: 'med' })).rejects.toMatchObject({ name });
    await bedrock.call('DeleteImportedModel', { modelIdentifier: 'med' });
    await expect(create('job-2', { importedModelName: 'med' })).resolves.toContain('arn:');
  });
});

test.each([
  ['job-fails', 'Failed', 1],
  ['allowed', 'Completed', 2],
] as const)('a second model of one name is: %s', async (duplicateModelName, status, models) => {
  const { bedrock, importModel } = testbed({ duplicateModelName });
  await importModel('job-1', { importedModelName: 'med' });
  expect((await importModel('job-2', { importedModelName: 'med' })).status).toBe(status);
  expect((await bedrock.call('ListImportedModels', {})).modelSummaries).toHaveLength(models);
});

describe('a request token', () => {
  const clientRequestToken = 'token-1';

  test('makes a repeated request answer with the first job', async () => {
    const { bedrock, create } = testbed();
    const first = await create('job-1', { clientRequestToken });
    expect(await create('job-1', { clientRequestToken })).toBe(first);
    expect((await bedrock.look()).jobs).toHaveLength(1);
  });

  test.each([
    ['conflict', 'ConflictException'],
    ['refused', 'ValidationException'],
  ] as const)('fails with other content: %s', async (reusedToken, name) => {
    const { create } = testbed({ reusedToken });
    await create('job-1', { clientRequestToken });
    await expect(create('job-2', { clientRequestToken })).rejects.toMatchObject({ name });
  });

  test('fails for the same content too, where AWS should turn out to do so', async () => {
    const { create } = testbed({ repeatedToken: 'conflict' });
    await create('job-1', { clientRequestToken });
    await expect(create('job-1', { clientRequestToken })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('is forgotten after its time', async () => {
    const { clock, create } = testbed({ tokenSeconds: 3600 });
    const first = await create('job-1', { clientRequestToken });
    clock.pass(3601);
    expect(await create('job-2', { clientRequestToken })).not.toBe(first);
  });
});

test('the folder may be named without its last slash', async () => {
  const { importModel } = testbed();
  const s3Uri = folder.slice(0, -1);
  expect((await importModel('job-1', { modelDataSource: { s3DataSource: { s3Uri } } })).status).toBe('Completed');
});

test('a key id is answered as an ARN, an alias not at all', async () => {
  const { importModel } = testbed();
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  const byId = await importModel('job-1', { importedModelKmsKeyId: id });
  expect(byId.importedModelKmsKeyArn).toBe(`arn:aws:kms:us-east-1:${account}:key/${id}`);
  expect(await importModel('job-2', { importedModelKmsKeyId: 'alias/k' })).not.toHaveProperty('importedModelKmsKeyArn');
});

test('two looks at the same moment make one model', async () => {
  const { bedrock, clock, create } = testbed({ weightsReadAt: 'end' });
  await create();
  clock.pass(600);
  await Promise.all([bedrock.look(), bedrock.look()]);
  expect((await bedrock.look()).models).toHaveLength(1);
});

test('a thousand histories take seconds, not hours', async () => {
  const started = performance.now();
  for (let history = 0; history < 1000; history += 1) {
    const { bedrock, importModel } = testbed();
    const { importedModelArn } = await importModel();
    await bedrock.call('DeleteImportedModel', { modelIdentifier: importedModelArn });
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});
