import { OWNER_TAGS } from '../../lib/contract';
import { saying } from './fixtures';
import { type Answer, event, handle } from './framework';
import { created, remove, stackIs, V1, V2, world } from './histories';

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

  test('fails in a link that was cancelled before it was heard of, whatever the first link does', async () => {
    const outside = world();
    const one = await created(outside, V2);
    outside.resources.set('ModelWait2', 'UPDATE_FAILED');
    stackIs(outside, 'UPDATE_ROLLBACK_IN_PROGRESS');
    const lost = { ...second(one), ImportedModelName: 'gpt-oss-20b-bbbbbbbbbb', JobName: 'lost' };
    const more = { ...waitResource, PhysicalResourceId: `${one.physicalId}/2` };
    expect(await handle(outside, event('Update', lost, more))).toMatchObject({
      status: 'FAILED',
      error: { message: saying('given this request up') },
    });
    expect(outside.effects).toHaveLength(1);
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
