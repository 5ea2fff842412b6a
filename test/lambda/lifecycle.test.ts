import { OWNER_TAGS } from '../../lib/contract';
import type { FrameworkEvent } from '../../lambda/imported-model/request';
import { COMPLETE, FakeOutside } from './fake-outside';
import { failed, FORMER_STACK, saying } from './fixtures';
import { type Answer, event, handle, QUERY_INTERVAL, Waiter } from './framework';

const INVENTED = 'Shop-Model-1ABCDEFGHIJKL';
const V1 = { Prefix: 'v1/' };
const V2 = { Prefix: 'v2/' };
const V3 = { Prefix: 'v3/' };

function world(): FakeOutside {
  const outside = new FakeOutside();
  outside.upload('s3://weights/v1/');
  outside.upload('s3://weights/v2/');
  outside.upload('s3://weights/v3/');
  return outside;
}

let stackChanges = 0;

/** Moves the stack on, as CloudFormation does before it sends requests. */
function stackIs(outside: FakeOutside, status: string): void {
  stackChanges += 1;
  outside.stack = { status, since: `2026-11-21T12:00:00.${String(stackChanges).padStart(3, '0')}Z` };
}

async function created(outside: FakeOutside, properties: Record<string, unknown> = V1): Promise<Answer> {
  const answer = await handle(outside, event('Create', properties));
  stackIs(outside, 'CREATE_COMPLETE');
  return answer;
}

const update = (from: Record<string, unknown>, to: Record<string, unknown>, physicalId: string) =>
  event('Update', to, {
    PhysicalResourceId: physicalId,
    OldResourceProperties: event('Update', from).ResourceProperties,
  });

const remove = (properties: Record<string, unknown>, physicalId: string, more: Partial<FrameworkEvent> = {}) =>
  event('Delete', properties, { PhysicalResourceId: physicalId, ...more });

async function polls(waiter: Waiter, outside: FakeOutside, times: number): Promise<void> {
  for (let poll = 0; poll < times; poll += 1) {
    expect(await waiter.poll()).toBeUndefined();
    outside.pass(QUERY_INTERVAL);
  }
}

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

describe('a replacement', () => {
  test('imports the new model first, and the delete after it removes the old one', async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const answer = await handle(outside, update(V1, V2, old));
    expect(answer.status).toBe('SUCCESS');
    expect(outside.models()).toEqual([old, answer.physicalId]);
    stackIs(outside, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(await handle(outside, remove(V1, old))).toMatchObject({ status: 'SUCCESS', physicalId: old });
    expect(outside.models()).toEqual([answer.physicalId]);
  });

  test('that fails in Bedrock is rolled back to the old model, without another import', async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    outside.failures.push('The architecture is not supported');
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const broken = await handle(outside, update(V1, V2, old));
    expect(broken).toMatchObject({ status: 'FAILED', error: { message: saying('architecture', 'GptOssForCausalLM') } });
    stackIs(outside, 'UPDATE_ROLLBACK_IN_PROGRESS');
    const back = await handle(outside, update(V2, V1, broken.physicalId));
    expect(back).toMatchObject({ status: 'SUCCESS', physicalId: old, polls: 1 });
    stackIs(outside, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(await handle(outside, remove(V2, broken.physicalId))).toMatchObject({ status: 'SUCCESS' });
    expect(outside.models()).toEqual([old]);
    expect(outside.effects.filter((effect) => effect.startsWith('import'))).toHaveLength(2);
  });

  test('that is cancelled while its job runs leaves nothing: the rollback waits for the job and removes its model', async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const waiter = await new Waiter(outside, update(V1, V2, old)).begin();
    await polls(waiter, outside, 4);
    stackIs(outside, 'UPDATE_ROLLBACK_IN_PROGRESS');
    const back = await handle(outside, update(V2, V1, old));
    expect(back).toMatchObject({ status: 'SUCCESS', physicalId: old });
    expect(outside.models()).toEqual([old]);
    expect(outside.effects).toContain(`delete ${waiter.physicalId}`);
  });

  test("whose waiter outlives it does not take a later update's model for an orphan", async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const missing = { Prefix: 'missing/', WaitForUpload: 'true' };
    const forgotten = await new Waiter(outside, update(V1, missing, old)).begin();
    await polls(forgotten, outside, 2);
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const later = await handle(outside, update(V1, V3, old));
    expect(later.status).toBe('SUCCESS');
    outside.upload('s3://weights/missing/');
    expect(await forgotten.poll()).toMatchObject({
      status: 'FAILED',
      error: { message: saying('given this request up') },
    });
    expect(outside.models()).toEqual([old, later.physicalId]);
  });

  test('removes what an earlier failed update left', async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    outside.strangersModel('gpt-oss-20b-bbbbbbbbbb', outside.model(old)?.tags);
    outside.strangersModel('other');
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const answer = await handle(outside, update(V1, V2, old));
    expect(answer.status).toBe('SUCCESS');
    expect(outside.models()).toEqual([old, 'other', answer.physicalId]);
  });
});

test('a change of tags only retags the model', async () => {
  const outside = world();
  const before = { ...V1, Tags: [{ Key: 'gone', Value: '1' }] };
  const after = { ...V1, Tags: [{ Key: 'team', Value: 'search' }] };
  const { physicalId } = await created(outside, before);
  const marks = outside.model(physicalId)?.tags;
  expect(marks).toMatchObject({ gone: '1' });
  stackIs(outside, 'UPDATE_IN_PROGRESS');
  expect(await handle(outside, update(before, after, physicalId))).toMatchObject({
    status: 'SUCCESS',
    physicalId,
    polls: 1,
  });
  expect({ ...outside.model(physicalId)?.tags, gone: '1' }).toEqual({ ...marks, team: 'search' });
  expect(outside.model(physicalId)?.tags).not.toHaveProperty('gone');
  expect(outside.effects.slice(1)).toEqual([`retag ${physicalId}`, `retag ${physicalId}`]);
});

describe('a destroy', () => {
  test('removes the model and what failed updates left, and nothing of others', async () => {
    const outside = world();
    const { physicalId } = await created(outside);
    outside.strangersModel('gpt-oss-20b-bbbbbbbbbb', outside.model(physicalId)?.tags);
    outside.strangersModel('other');
    stackIs(outside, 'DELETE_IN_PROGRESS');
    expect(await handle(outside, remove(V1, physicalId))).toMatchObject({ status: 'SUCCESS' });
    expect(outside.models()).toEqual(['other']);
  });

  test('is done as well when somebody has deleted the model by hand', async () => {
    const outside = world();
    const { physicalId } = await created(outside);
    await outside.imports.deleteModel(outside.model(physicalId)?.arn ?? '');
    stackIs(outside, 'DELETE_IN_PROGRESS');
    expect(await handle(outside, remove(V1, physicalId))).toMatchObject({ status: 'SUCCESS', polls: 2 });
  });

  test('repeated for the same model is done again', async () => {
    const outside = world();
    const { physicalId } = await created(outside);
    stackIs(outside, 'DELETE_IN_PROGRESS');
    const request = remove(V1, physicalId);
    const answers = [await handle(outside, request), await handle(outside, request)];
    expect(answers.map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(outside.effects).toEqual([`import ${physicalId}`, `delete ${physicalId}`]);
  });
});

describe('a chain of two links', () => {
  const first = { ...V1, Links: '2' };
  const second = ({ data }: Answer) => ({
    ...V1,
    Link: '2',
    Links: '2',
    Owner: 'Model',
    ImportedModelName: data['ModelName'],
    JobName: data['JobName'],
  });
  const waitResource = { LogicalResourceId: 'ModelWait2' };

  test('waits for an import that takes longer than an hour', async () => {
    const outside = world();
    outside.minutesPerImport = 70;
    const one = await handle(outside, event('Create', first));
    expect(one).toMatchObject({ status: 'SUCCESS', data: { ModelArn: '', ModelName: one.physicalId } });
    const two = await handle(outside, event('Create', second(one), waitResource));
    expect(two).toMatchObject({ status: 'SUCCESS', physicalId: `${one.physicalId}/2` });
    expect(two.data).toMatchObject({ ModelArn: saying('imported-model/'), JobName: one.data['JobName'] });
    expect(outside.effects).toEqual([`import ${one.physicalId}`]);
  });

  test("makes the job in the second link, under the first link's name, when the first has spent its time in line", async () => {
    const outside = world();
    outside.strangersJob('theirs', 60);
    const one = await handle(outside, event('Create', first));
    expect(outside.effects).toEqual([]);
    const two = await handle(outside, event('Create', second(one), waitResource));
    expect(two).toMatchObject({ status: 'SUCCESS', data: { JobName: one.data['JobName'] } });
    expect(outside.model(one.physicalId)?.tags).toMatchObject({ [OWNER_TAGS.resource]: 'Model' });
  });

  test('fails after the minutes of both', async () => {
    const outside = world();
    outside.minutesPerImport = 120;
    const one = await handle(outside, event('Create', first));
    const two = await handle(outside, event('Create', second(one), waitResource));
    expect(two).toMatchObject({ status: 'FAILED', error: { message: saying('100 minutes') } });
  });

  test('is destroyed from its end: only the first link deletes the model', async () => {
    const outside = world();
    const one = await handle(outside, event('Create', first));
    const two = await handle(outside, event('Create', second(one), waitResource));
    stackIs(outside, 'DELETE_IN_PROGRESS');
    expect(await handle(outside, remove(second(one), two.physicalId, waitResource))).toMatchObject({
      status: 'SUCCESS',
    });
    expect(outside.models()).toEqual([one.physicalId]);
    expect(await handle(outside, remove(first, one.physicalId))).toMatchObject({ status: 'SUCCESS' });
    expect(outside.models()).toEqual([]);
  });
});
