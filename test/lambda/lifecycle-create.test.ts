import { OWNER_TAGS } from '../../lib/contract';
import { COMPLETE, FakeOutside } from './fake-outside';
import { failed, FORMER_STACK, MINUTE, saying } from './fixtures';
import { event, handle, QUERY_INTERVAL, Waiter } from './framework';
import { created, INVENTED, polls, remove, stackIs, V1, world } from './histories';

describe('a create', () => {
  test('imports the weights and answers every attribute', async () => {
    const outside = world();
    const answer = await created(outside);
    expect(answer).toMatchObject({ status: 'SUCCESS', physicalId: saying('gpt-oss-20b-') });
    expect(answer.data).toEqual({
      ModelArn: saying('imported-model/'),
      ModelName: answer.physicalId,
      ModelArchitecture: 'gpt_oss',
      JobArn: saying('model-import-job/'),
      JobName: saying(`${answer.physicalId}-`),
      CustomModelUnitsPerModelCopy: '2',
      CustomModelUnitsVersion: 'v1.0',
    });
    expect(outside.effects).toEqual([`import ${answer.physicalId}`]);
  });

  test('waits for an upload, and imports when it is whole', async () => {
    const outside = new FakeOutside();
    const waiter = await new Waiter(outside, event('Create', { ...V1, WaitForUpload: 'true' })).begin();
    await polls(waiter, outside, 4);
    outside.upload('s3://weights/v1/', 'first', COMPLETE.slice(0, 3));
    await polls(waiter, outside, 4);
    expect(outside.effects).toEqual([]);
    outside.upload('s3://weights/v1/');
    expect(await waiter.toEnd()).toMatchObject({ status: 'SUCCESS' });
    expect(outside.effects).toEqual([`import ${waiter.physicalId}`]);
  });

  test('fails at once for an empty folder when nobody uploads, and changes nothing', async () => {
    const outside = new FakeOutside();
    const answer = await created(outside);
    expect(answer).toMatchObject({
      status: 'FAILED',
      polls: 1,
      error: { message: saying('s3://weights/v1/ is empty') },
    });
    expect(outside.effects).toEqual([]);
  });

  test("waits in line while somebody else's import runs", async () => {
    const outside = world();
    outside.strangersJob('theirs', 20);
    expect(await created(outside)).toMatchObject({ status: 'SUCCESS' });
    expect(outside.effects).toHaveLength(1);
    expect(outside.lines).toContainEqual(expect.objectContaining({ next: 'wait', why: saying('in line', 'theirs') }));
  });

  test("waits in line when somebody else's import begins between looking and asking", async () => {
    const outside = world();
    const createJob = outside.imports.createJob.bind(outside.imports);
    outside.imports.createJob = (order) => {
      outside.imports.createJob = createJob;
      outside.strangersJob('theirs', 5);
      return createJob(order);
    };
    expect(await created(outside)).toMatchObject({ status: 'SUCCESS' });
    expect(outside.lines).toContainEqual(expect.objectContaining({ next: 'wait', why: saying('in line', 'theirs') }));
  });

  test('fails when other models hold every place, and names them', async () => {
    const outside = world();
    for (const name of ['one', 'two', 'three']) outside.strangersModel(name);
    expect(await created(outside)).toMatchObject({ status: 'FAILED', error: { message: saying('one, two, three') } });
    expect(outside.models()).toEqual(['one', 'two', 'three']);
  });

  test('fails when the account may import nothing', async () => {
    const outside = world();
    outside.modelQuota = 0;
    expect(await created(outside)).toMatchObject({
      status: 'FAILED',
      error: { message: saying('quota must be zero') },
    });
  });

  test('outlasts a role that is refused while it is new, and a failure of every call', async () => {
    const outside = world();
    const calls = ['GetModelImportJob', 'GetImportedModel', 'ListModelImportJobs', 'CreateModelImportJob'];
    for (const call of [...calls, 'ListObjectsV2', 'GetObject', 'ListTagsForResource']) {
      outside.refusals.push(failed('passing', 'slow', call));
    }
    outside.refusals.push(failed('role', 'invalid role'), failed('role', 'invalid role'));
    expect(await created(outside)).toMatchObject({ status: 'SUCCESS' });
    expect(outside.effects).toHaveLength(1);
  });

  test('makes one model and one job when two waiters run side by side', async () => {
    const outside = world();
    const request = event('Create', V1);
    const [one, other] = await Promise.all([
      new Waiter(outside, request).begin(),
      new Waiter(outside, request).begin(),
    ]);
    outside.pass(QUERY_INTERVAL);
    expect(await Promise.all([one.poll(), other.poll()])).toEqual([undefined, undefined]);
    expect(outside.calls.filter((call) => call === 'CreateModelImportJob')).toHaveLength(2);
    const answers = [await one.toEnd(), await other.toEnd()];
    expect(answers.map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(outside.effects).toEqual([`import ${one.physicalId}`]);
  });

  test('refused as invalid while a twin has made the job waits for that job', async () => {
    const outside = world();
    const request = event('Create', V1);
    const [one, other] = [await new Waiter(outside, request).begin(), await new Waiter(outside, request).begin()];
    outside.refusals.push(failed('invalid', 'ValidationException: the name is in use'));
    outside.pass(QUERY_INTERVAL);
    expect(await Promise.all([one.poll(), other.poll()])).toEqual([undefined, undefined]);
    expect(await one.toEnd()).toMatchObject({ status: 'SUCCESS' });
    expect(outside.effects).toEqual([`import ${one.physicalId}`]);
  });

  test('fails when refused as invalid, after it has looked again at job and model', async () => {
    const outside = world();
    outside.refusals.push(failed('invalid', 'ValidationException: bad s3Uri'));
    expect(await created(outside)).toMatchObject({ status: 'FAILED', error: { message: saying('bad s3Uri') } });
    expect(outside.calls.slice(-3)).toEqual(['CreateModelImportJob', 'GetModelImportJob', 'GetImportedModel']);
    expect(outside.effects).toEqual([]);
  });

  test('fails at once when somebody takes the name of the model in the last moment', async () => {
    const outside = world();
    const waiter = await new Waiter(outside, event('Create', V1)).begin();
    outside.pass(QUERY_INTERVAL);
    const folder = outside.folder.bind(outside);
    outside.folder = (bucket, prefix) => {
      outside.strangersModel(waiter.physicalId);
      return folder(bucket, prefix);
    };
    expect(await waiter.poll()).toMatchObject({ status: 'FAILED', error: { message: saying('left untouched') } });
    expect(outside.models()).toEqual([waiter.physicalId]);
  });

  test('outlasts a file that is deleted while the folder is looked at', async () => {
    const outside = world();
    outside.refusals.push(failed('passing', 'NoSuchKey', 'GetObject'));
    expect(await created(outside)).toMatchObject({ status: 'SUCCESS' });
  });

  test('in an update of its stack imports as well', async () => {
    const outside = world();
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    expect(await handle(outside, event('Create', V1))).toMatchObject({ status: 'SUCCESS' });
  });

  test('fails when the import takes longer than its time, and its delete removes the model', async () => {
    const outside = world();
    outside.minutesPerImport = 70;
    const answer = await created(outside);
    expect(answer).toMatchObject({ status: 'FAILED', error: { message: saying('50 minutes', "'timeout'") } });
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(V1, answer.physicalId))).toMatchObject({ status: 'SUCCESS' });
    expect(outside.models()).toEqual([]);
  });

  test('makes no job when its turn comes as the time is up, because nobody would wait for it', async () => {
    const outside = world();
    outside.strangersJob('theirs', 50);
    expect(await created(outside)).toMatchObject({ status: 'FAILED', error: { message: saying('time was up') } });
    expect(outside.effects).toEqual([]);
  });

  test('takes over the model that a former stack of the same name retained', async () => {
    const outside = world();
    const { physicalId } = await created(outside);
    const retained = outside.model(physicalId);
    outside.strangersModel(physicalId, { ...retained?.tags, [OWNER_TAGS.stack]: FORMER_STACK });
    const again = await created(outside);
    expect(again).toMatchObject({ status: 'SUCCESS', physicalId });
    expect(outside.effects).toEqual([`import ${physicalId}`, `retag ${physicalId}`]);
    expect(outside.model(physicalId)?.tags).toEqual(retained?.tags);
  });

  test('fails for a model that a former stack made of other bytes', async () => {
    const outside = world();
    const { physicalId } = await created(outside);
    outside.strangersModel(physicalId, { ...outside.model(physicalId)?.tags, [OWNER_TAGS.stack]: FORMER_STACK });
    outside.upload('s3://weights/v1/', 'second');
    expect(await created(outside)).toMatchObject({ status: 'FAILED', error: { message: saying('left untouched') } });
    expect(outside.models()).toEqual([physicalId]);
  });
});

describe('a create that CloudFormation gives up', () => {
  test('while its job runs: the delete with an invented id waits for the job and removes its model', async () => {
    const outside = world();
    const waiter = await new Waiter(outside, event('Create', V1)).begin();
    await polls(waiter, outside, 4);
    expect(outside.effects).toHaveLength(1);
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(V1, INVENTED))).toMatchObject({ status: 'SUCCESS', physicalId: INVENTED });
    await waiter.poll();
    expect(outside.effects).toEqual([`import ${waiter.physicalId}`, `delete ${waiter.physicalId}`]);
    expect(outside.models()).toEqual([]);
  });

  test('while its job runs: the delete finds the model even when it appears late', async () => {
    const outside = world();
    outside.millisecondsToAppear = 20_000;
    const waiter = await new Waiter(outside, event('Create', V1)).begin();
    await polls(waiter, outside, 4);
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(V1, INVENTED))).toMatchObject({ status: 'SUCCESS' });
    outside.pass(MINUTE);
    expect(outside.models()).toEqual([]);
    expect(outside.effects).toContain(`delete ${waiter.physicalId}`);
  });

  test("while its job runs: the delete finds the model even behind a stranger's of the same name", async () => {
    const outside = world();
    outside.millisecondsToAppear = 20_000;
    const waiter = await new Waiter(outside, event('Create', V1)).begin();
    await polls(waiter, outside, 4);
    const theirs = outside.strangersNamesake(waiter.physicalId);
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(V1, INVENTED))).toMatchObject({ status: 'SUCCESS' });
    outside.pass(MINUTE);
    expect(outside.models()).toEqual([waiter.physicalId]);
    expect(outside.model(waiter.physicalId)).toEqual(theirs);
    expect(outside.effects).toContain(`delete ${waiter.physicalId}`);
  });

  test('before its job is made: makes none', async () => {
    const outside = world();
    outside.strangersJob('theirs', 5, 'broken');
    const waiter = await new Waiter(outside, event('Create', V1)).begin();
    await polls(waiter, outside, 4);
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(V1, INVENTED))).toMatchObject({ status: 'SUCCESS' });
    expect(await waiter.toEnd()).toMatchObject({
      status: 'FAILED',
      error: { message: saying('given this request up') },
    });
    expect(outside.effects).toEqual([]);
  });
});
