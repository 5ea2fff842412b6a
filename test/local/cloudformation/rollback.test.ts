import type { Switches } from '../../../local/cloudformation/switches';
import { Account, other, thing } from './testbed';

const ok = other();
/** Fails the stack after a minute. */
const bad = other({ Seconds: 60, FailsOn: 'Update', Change: 1 });

test('undoes an update by an Update with old and new properties swapped', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ x: 1 }), B: ok, Untouched: thing() });
  expect(await account.deploy({ A: thing({ x: 2 }), B: bad, Untouched: thing() })).toEqual({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    reasons: ['B: Update of another resource failed'],
  });
  expect(account.sent(2)).toEqual(['Update A A-1', 'Update A A-1']);
  expect(account.cloudFormation.requests.at(-1)).toMatchObject({
    stackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS',
    request: { ResourceProperties: { x: '1' }, OldResourceProperties: { x: '2' } },
  });
});

test('keeps what the Update back answered, not what was known before', async () => {
  const account = new Account({
    handlers: { isComplete: ({ RequestId }) => ({ IsComplete: true, Data: { RequestId } }) },
  });
  await account.deploy({ A: thing({ x: 1 }), B: ok });
  await account.deploy({ A: thing({ x: 2 }), B: bad });
  expect(account.stack().resources.get('A')?.attributes['RequestId']).toBe(account.last('Update').RequestId);
});

test('undoes an Update that failed in the same way', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ x: 1 }) });
  await account.deploy({ A: thing({ x: 2, Throws: 'Update' }) });
  expect(account.sent(1)).toEqual(['Update A A-1', 'Update A A-1']);
  expect(account.last('Update')).toMatchObject({ ResourceProperties: { x: '1' }, OldResourceProperties: { x: '2' } });
});

test('deletes what the update made in clean-up, and abandons it if it does not go', async () => {
  const account = new Account();
  await account.deploy({ B: ok });
  const { status } = await account.deploy({ B: bad, New: thing({ Fails: 'Delete' }), Late: thing({ Minutes: 5 }) });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  const deletes = account.cloudFormation.requests.filter(({ request }) => request.RequestType === 'Delete');
  expect(new Set(deletes.map(({ stackStatus }) => stackStatus))).toEqual(
    new Set(['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS']),
  );
  expect(account.sent(2).sort()).toEqual([
    expect.stringMatching(/^Delete Late One-Late-/),
    'Delete New New-1',
    'Delete New New-1',
    'Delete New New-1',
  ]);
  expect(account.stack().abandoned).toMatchObject([{ physicalId: 'New-1' }]);
  expect([...account.stack().resources.keys()]).toEqual(['B']);
});

describe('after an Update that failed with a new id', () => {
  test.each<[Switches['failedUpdate'], string[]]>([
    ['keeps-new', ['Update A A-2', 'Delete A A-2']],
    ['keeps-old', ['Update A A-1']],
    ['keeps-old-deletes-new', ['Update A A-1', 'Delete A A-2']],
  ])('%s: sends %j', async (failedUpdate, expected) => {
    const account = new Account({ switches: { failedUpdate } });
    await account.deploy({ A: thing({ Version: 1 }) });
    const { status } = await account.deploy({ A: thing({ Version: 2, Fails: 'Update' }) });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(account.sent(2)).toEqual(expected);
    expect(account.stack().resources.get('A')?.physicalId).toBe('A-1');
  });

  test.each<Switches['failedUpdate']>(['keeps-new', 'keeps-old', 'keeps-old-deletes-new'])(
    '%s: the Delete, if any, comes in clean-up with the properties of the new one',
    async (failedUpdate) => {
      const account = new Account({ switches: { failedUpdate } });
      await account.deploy({ A: thing({ Version: 1 }) });
      await account.deploy({ A: thing({ Version: 2, Fails: 'Update' }) });
      const deletes = account.cloudFormation.requests.filter(({ request }) => request.RequestType === 'Delete');
      const inCleanUp = {
        stackStatus: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
        request: { ResourceProperties: { Version: '2' } },
      };
      expect(deletes).toMatchObject(failedUpdate === 'keeps-old' ? [] : [inCleanUp]);
    },
  );
});

describe('when a resource was replaced before another failed', () => {
  test.each<[Switches['replacedRollback'], string[]]>([
    ['update', ['Update A A-2', 'Delete A A-2']],
    ['delete', ['Delete A A-2']],
  ])('%s: sends %j', async (replacedRollback, expected) => {
    const account = new Account({ switches: { replacedRollback } });
    await account.deploy({ A: thing({ Version: 1 }), B: ok });
    await account.deploy({ A: thing({ Version: 2 }), B: bad });
    expect(account.sent(2)).toEqual(expected);
    expect(account.cloudFormation.requests.at(-1)?.stackStatus).toBe('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(account.stack().resources.get('A')).toMatchObject({
      physicalId: 'A-1',
      attributes: { Name: 'name of A-1' },
    });
  });
});

test('knows only the old id of an Update that was cancelled', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Version: 1 }) });
  const update = account.cloudFormation.deploy('One', { Resources: { A: thing({ Version: 2, Minutes: 30 }) } });
  await account.pass(60_000);
  account.stack().cancelUpdate();
  expect(await account.end(update)).toEqual({ status: 'UPDATE_ROLLBACK_COMPLETE', reasons: ['User Initiated'] });
  expect(account.sent(1)).toEqual(['Update A A-1', 'Update A A-1']);
  expect(account.last('Update').ResourceProperties['Version']).toBe('1');
});

test('cancels nothing but an update in progress', async () => {
  const account = new Account();
  const create = account.cloudFormation.deploy('One', { Resources: { A: thing({ Minutes: 5 }) } });
  await account.pass(60_000);
  account.stack().cancelUpdate();
  expect(await account.end(create)).toMatchObject({ status: 'CREATE_COMPLETE' });
});

describe('when a rollback fails', () => {
  /** A second Update of the same thing fails while this says so. */
  async function stuck() {
    let isBroken = true;
    const account = new Account({
      handlers: {
        isComplete: ({ LogicalResourceId, OldResourceProperties }) => {
          if (isBroken && LogicalResourceId === 'A' && OldResourceProperties?.['Version'] === '2')
            throw new Error('not now');
          return { IsComplete: true };
        },
      },
    });
    await account.deploy({ A: thing({ Version: 1 }), C: thing({ Version: 1 }), B: ok });
    const outcome = await account.deploy({ A: thing({ Version: 2 }), C: thing({ Version: 2 }), B: bad, New: thing() });
    return { account, outcome, repair: () => (isBroken = false) };
  }

  test('the stack stays as it is, and nothing is deleted', async () => {
    const { account, outcome } = await stuck();
    expect(outcome).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED' });
    expect(outcome.reasons.at(-1)).toContain('A: not now');
    expect(account.sent().filter((request) => request.startsWith('Delete'))).toEqual([]);
    expect(await account.deploy({ B: ok })).toMatchObject({
      reasons: [expect.stringContaining('UPDATE_ROLLBACK_FAILED state and can not be updated')],
    });
  });

  test('going on with it asks only what was not undone, then cleans up', async () => {
    const { account, repair } = await stuck();
    const before = account.sent().length;
    repair();
    expect(await account.end(account.stack().continueRollback())).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(account.sent(before)[0]).toBe('Update A A-2');
    expect(account.sent(before + 1).sort()).toEqual(['Delete A A-2', 'Delete C C-2', 'Delete New New-1']);
    const { resources } = account.stack();
    expect([resources.get('A')?.physicalId, resources.get('C')?.physicalId]).toEqual(['A-1', 'C-1']);
  });

  test('deleting the stack deletes what the rollback left over too', async () => {
    const { account } = await stuck();
    const before = account.sent().length;
    expect(await account.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(account.sent(before).sort()).toEqual(['Delete A A-2', 'Delete C C-1', 'Delete C C-2', 'Delete New New-1']);
  });

  test('there is nothing to go on with otherwise', async () => {
    const account = new Account();
    await account.deploy({ A: thing() });
    expect(await account.end(account.stack().continueRollback())).toMatchObject({
      status: 'CREATE_COMPLETE',
      reasons: [expect.stringContaining('has no rollback to continue')],
    });
  });
});
