import type { FakeOutside } from './fake-outside';
import { MINUTE, saying } from './fixtures';
import { handle, Waiter } from './framework';
import { created, polls, remove, stackIs, update, V1, V2, V3, world } from './histories';

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

  test('that is cancelled before it is heard of does nothing: its resource is done, and the stack rolls back', async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    stackIs(outside, 'UPDATE_ROLLBACK_IN_PROGRESS');
    outside.resources.set('Model', 'UPDATE_FAILED');
    expect(await handle(outside, update(V1, V2, old))).toMatchObject({
      status: 'FAILED',
      error: { message: saying('given this request up', 'UPDATE_ROLLBACK_IN_PROGRESS') },
    });
    expect(outside.models()).toEqual([old]);
    expect(outside.effects).toHaveLength(1);
  });

  test('is rolled back by another import when the old model is gone', async () => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    await outside.imports.deleteModel(outside.model(old)?.arn ?? '');
    outside.pass(MINUTE);
    stackIs(outside, 'UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, update(V2, V1, old))).toMatchObject({ status: 'SUCCESS', physicalId: old });
    expect(outside.models()).toEqual([old]);
  });

  test('whose waiter outlives it does not undo the tags of a later update', async () => {
    const outside = world();
    const { physicalId } = await created(outside);
    const tagged = (Value: string) => ({ ...V1, Tags: [{ Key: 'stage', Value }] });
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    const forgotten = await new Waiter(outside, update(V1, tagged('test'), physicalId)).begin();
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    await handle(outside, update(V1, tagged('prod'), physicalId));
    expect(await forgotten.poll()).toMatchObject({ status: 'FAILED' });
    expect(outside.model(physicalId)?.tags).toMatchObject({ stage: 'prod' });
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

  test.each<[string, (outside: FakeOutside) => void]>([
    [
      'a later update',
      (outside) => {
        stackIs(outside, 'UPDATE_IN_PROGRESS');
      },
    ],
    ['its own end', (outside) => outside.resources.set('Model', 'UPDATE_FAILED')],
  ])('whose waiter is overtaken by %s stops between two models that it would sweep', async (_, overtake) => {
    const outside = world();
    const { physicalId: old } = await created(outside);
    const orphans = ['gpt-oss-20b-bbbbbbbbbb', 'gpt-oss-20b-cccccccccc'];
    for (const orphan of orphans) outside.strangersModel(orphan, outside.model(old)?.tags);
    const deleteModel = outside.imports.deleteModel.bind(outside.imports);
    outside.imports.deleteModel = async (arn) => {
      await deleteModel(arn);
      overtake(outside);
    };
    stackIs(outside, 'UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, update(V2, V1, old))).toMatchObject({
      status: 'FAILED',
      error: { message: saying('given this request up') },
    });
    expect(outside.models()).toEqual([old, orphans[1]]);
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
