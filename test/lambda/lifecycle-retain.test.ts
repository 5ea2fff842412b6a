import { OWNER_TAGS } from '../../lib/contract';
import type { FakeOutside } from './fake-outside';
import { handle } from './framework';
import { created, remove, stackIs, update, V1, V2, V3, world } from './histories';

describe('a model that the template retains', () => {
  const retained = (properties: Record<string, unknown>) => ({ ...properties, KeepRemoved: 'true' });
  const keeping = (properties: Record<string, unknown>) => ({ ...properties, KeepReplaced: 'true' });
  const kept = (outside: FakeOutside, name: string) => outside.model(name)?.tags[OWNER_TAGS.kept];
  const replaced = async (
    outside: FakeOutside,
    from: Record<string, unknown>,
    to: Record<string, unknown>,
    id: string,
  ) => {
    stackIs(outside, 'UPDATE_IN_PROGRESS');
    return handle(outside, update(from, to, id));
  };

  test('and leaves behind is no orphan of the one that comes after it', async () => {
    const outside = world();
    const { physicalId: first } = await created(outside, retained(V1));
    expect(kept(outside, first)).toBe('true');
    const second = await created(outside, V2);
    const third = await replaced(outside, V2, V3, second.physicalId);
    expect(outside.models()).toEqual([first, second.physicalId, third.physicalId]);
    stackIs(outside, 'DELETE_IN_PROGRESS');
    await handle(outside, remove(V2, second.physicalId));
    await handle(outside, remove(V3, third.physicalId));
    expect(outside.models()).toEqual([first]);
  });

  test('loses the mark when it is retained no more', async () => {
    const outside = world();
    const { physicalId } = await created(outside, retained(V1));
    expect(await replaced(outside, retained(V1), V1, physicalId)).toMatchObject({ status: 'SUCCESS', polls: 1 });
    expect(outside.model(physicalId)?.tags).not.toHaveProperty(OWNER_TAGS.kept);
  });

  test('is deleted all the same when its stack is told to', async () => {
    const outside = world();
    const { physicalId } = await created(outside, retained(V1));
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(retained(V1), physicalId))).toMatchObject({ status: 'SUCCESS' });
    expect(outside.models()).toEqual([]);
  });

  test('when it is replaced outlives every update and the destroy, unlike what failed updates left', async () => {
    const outside = world();
    outside.modelQuota = 5;
    const one = await created(outside, keeping(V1));
    const two = await replaced(outside, keeping(V1), keeping(V2), one.physicalId);
    expect([kept(outside, one.physicalId), kept(outside, two.physicalId)]).toEqual(['true', undefined]);
    outside.strangersModel('gpt-oss-20b-bbbbbbbbbb', outside.model(two.physicalId)?.tags);
    const three = await replaced(outside, keeping(V2), keeping(V3), two.physicalId);
    expect(outside.models()).toEqual([one.physicalId, two.physicalId, three.physicalId]);
    stackIs(outside, 'DELETE_IN_PROGRESS');
    await handle(outside, remove(keeping(V3), three.physicalId));
    expect(outside.models()).toEqual([one.physicalId, two.physicalId]);
  });

  test('when it is replaced, and the update is taken back: the other one is kept, and each is marked once', async () => {
    const outside = world();
    const { physicalId: one } = await created(outside, keeping(V1));
    const { physicalId: two } = await replaced(outside, keeping(V1), keeping(V2), one);
    await replaced(outside, keeping(V2), keeping(V1), two);
    expect(outside.effects).toEqual([`import ${one}`, `retag ${one}`, `import ${two}`, `retag ${one}`, `retag ${two}`]);
    expect([kept(outside, one), kept(outside, two)]).toEqual([undefined, 'true']);
  });
});
