import { Account, MINUTE, other, thing } from './testbed';

test('deletes each resource before what it depends on, with its properties', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ x: 1 }), B: thing({}, { DependsOn: 'A' }), C: thing({ From: { Ref: 'B' } }) });
  expect(await account.delete()).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
  expect(account.sent(3)).toEqual(['Delete C C-1', 'Delete B B-1', 'Delete A A-1']);
  expect(account.last('Delete')).toMatchObject({ ResourceProperties: { ServiceToken: 'provider', x: '1' } });
  expect(account.last('Delete')).not.toHaveProperty('OldResourceProperties');
});

test('keeps what does not go and what that depends on, and asks only for them again', async () => {
  let isBroken = true;
  const account = new Account({
    handlers: {
      isComplete: ({ RequestType, LogicalResourceId }) => {
        if (isBroken && RequestType === 'Delete' && LogicalResourceId === 'B') throw new Error('still in use');
        return { IsComplete: true };
      },
    },
  });
  await account.deploy({ A: thing(), B: thing({ From: { Ref: 'A' } }), C: thing() });
  const { status, reasons } = await account.delete();
  expect([status, reasons]).toEqual(['DELETE_FAILED', [expect.stringContaining('B: still in use')]]);
  expect(account.sent(3).sort()).toEqual(['Delete B B-1', 'Delete C C-1']);
  isBroken = false;
  expect(await account.delete()).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
  expect(account.sent(5)).toEqual(['Delete B B-1', 'Delete A A-1']);
});

test('fails a Delete that would change the physical id, as the framework has it', async () => {
  const account = new Account({ handlers: { onEvent: ({ RequestType }) => ({ PhysicalResourceId: RequestType }) } });
  await account.deploy({ A: thing() });
  const { status, reasons } = await account.delete();
  expect([status, reasons]).toEqual([
    'DELETE_FAILED',
    [expect.stringContaining('cannot change the physical resource ID from "Create" to "Delete" during deletion')],
  ]);
});

test('ends a create that runs, deletes what it began, and its waiter polls on', async () => {
  const account = new Account({
    handlers: { isComplete: ({ RequestType }) => ({ IsComplete: RequestType === 'Delete' }) },
  });
  const create = account.cloudFormation.deploy('One', { Resources: { A: thing(), B: other() } });
  await account.pass(MINUTE);
  expect(await account.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(await account.end(create)).toMatchObject({ reasons: [] });
  expect(account.sent()).toEqual(['Create A', expect.stringMatching(/^Delete A One-A-[0-9A-Z]{13}$/)]);
  const deletedAt = account.time.now();
  await account.pass(20 * MINUTE);
  expect(account.polls.at(-1)).toBeGreaterThan(deletedAt);
  expect(account.cloudFormation.stacks).toMatchObject([{ status: 'DELETE_COMPLETE' }]);
});

test('refuses while an update runs, or its rollback', async () => {
  const account = new Account();
  await account.deploy({ A: thing() });
  const update = account.cloudFormation.deploy('One', { Resources: { A: thing({ Minutes: 10 }) } });
  await account.pass(MINUTE);
  expect(await account.delete()).toEqual({
    status: 'UPDATE_IN_PROGRESS',
    reasons: [expect.stringContaining('cannot be deleted while in status UPDATE_IN_PROGRESS')],
  });
  expect(await account.end(update)).toMatchObject({ status: 'UPDATE_COMPLETE' });
});

describe('a policy to keep', () => {
  const kept = (account: Account) =>
    account.cloudFormation.stacks.flatMap(({ retained }) => retained.map(({ physicalId }) => physicalId));
  const policies = [undefined, 'Delete', 'Retain', 'RetainExceptOnCreate'] as const;
  const only = (...keep: string[]) =>
    policies.map((policy) => [policy, keep.includes(policy ?? '') ? ['A-1'] : []] as const);
  const under = (DeletionPolicy: string | undefined) =>
    thing({}, DeletionPolicy === undefined ? {} : { DeletionPolicy });

  test.each(only('Retain', 'RetainExceptOnCreate'))('%s, when the stack goes: %j stays', async (policy, expected) => {
    const account = new Account();
    await account.deploy({ A: under(policy) });
    expect(await account.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(kept(account)).toEqual(expected);
    expect(account.sent(1)).toHaveLength(1 - expected.length);
  });

  test.each(only('Retain', 'RetainExceptOnCreate'))(
    '%s, when the resource leaves its template: %j stays',
    async (policy, expected) => {
      const account = new Account();
      await account.deploy({ A: under(policy), B: other() });
      await account.deploy({ B: other() });
      expect(kept(account)).toEqual(expected);
    },
  );

  test.each(only('Retain'))('%s, when the stack that made it is rolled back: %j stays', async (policy, expected) => {
    const account = new Account();
    await account.deploy({ A: under(policy), B: other({ Seconds: 60, FailsOn: 'Create' }) });
    expect(kept(account)).toEqual(expected);
    expect(account.sent(1)).toHaveLength(1 - expected.length);
  });

  test.each(only('Retain'))('%s, when the update that made it is rolled back: %j stays', async (policy, expected) => {
    const account = new Account();
    await account.deploy({ B: other() });
    await account.deploy({ A: under(policy), B: other({ Seconds: 60, FailsOn: 'Update' }) });
    expect(kept(account)).toEqual(expected);
  });

  test('RetainExceptOnCreate, when the stack is deleted while it is made: nothing stays', async () => {
    const account = new Account();
    const create = account.cloudFormation.deploy('One', {
      Resources: { A: thing({ Minutes: 10 }, { DeletionPolicy: 'RetainExceptOnCreate' }) },
    });
    await account.pass(MINUTE);
    await account.delete();
    await account.end(create);
    expect(kept(account)).toEqual([]);
    expect(account.sent(1)).toHaveLength(1);
  });

  test.each([
    [{ UpdateReplacePolicy: 'Retain' }, ['A-1']],
    [{ UpdateReplacePolicy: 'Delete', DeletionPolicy: 'Retain' }, []],
    [{ DeletionPolicy: 'Retain' }, []],
  ])('%j, when another takes its place: %j stays', async (policy, expected) => {
    const account = new Account();
    await account.deploy({ A: thing({ Version: 1 }) });
    await account.deploy({ A: thing({ Version: 2 }, policy) });
    expect(kept(account)).toEqual(expected);
    expect(account.sent(2)).toEqual(expected.length > 0 ? [] : ['Delete A A-1']);
  });
});
