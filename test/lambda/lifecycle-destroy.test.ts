import { MINUTE } from './fixtures';
import { handle } from './framework';
import { created, remove, stackIs, V1, world } from './histories';

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
    outside.pass(MINUTE);
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
