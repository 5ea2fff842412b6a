import { Account, MINUTE, other, thing } from './testbed';

test('asks nothing of a resource whose properties are the same, in whatever order', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ x: 1, y: { a: true, b: 2 } }) });
  expect(await account.deploy({ A: thing({ y: { b: 2, a: true }, x: '1' }) })).toMatchObject({
    status: 'UPDATE_COMPLETE',
  });
  expect(account.sent()).toEqual(['Create A']);
});

test('sends an Update with the new and the old properties', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ x: 1 }) });
  expect(await account.deploy({ A: thing({ x: 2 }) })).toEqual({ status: 'UPDATE_COMPLETE', reasons: [] });
  expect(account.last('Update')).toMatchObject({
    PhysicalResourceId: 'A-1',
    ResourceProperties: { ServiceToken: 'provider', x: '2' },
    OldResourceProperties: { ServiceToken: 'provider', x: '1' },
  });
});

test('carries a changed attribute on to those who read it', async () => {
  const account = new Account();
  const resources = (Version: number) => ({ A: thing({ Version }), B: thing({ From: { Ref: 'A' } }) });
  await account.deploy(resources(1));
  await account.deploy(resources(2));
  expect(account.sent(2)).toEqual(['Update A A-1', 'Update B B-1', 'Delete A A-1']);
});

test('deletes what was replaced only after the whole update succeeded', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Version: 1 }), B: other() });
  const began = account.time.now();
  expect(await account.deploy({ A: thing({ Version: 2 }), B: other({ Seconds: 600, Change: 1 }) })).toMatchObject({
    status: 'UPDATE_COMPLETE',
  });
  expect(account.sent(1)).toEqual(['Update A A-1', 'Delete A A-1']);
  const deletion = account.cloudFormation.requests.at(-1);
  expect(deletion).toMatchObject({
    stackStatus: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    at: began + 10 * MINUTE,
    request: { ResourceProperties: { Version: '1' } },
  });
  expect(account.stack().resources.get('A')?.physicalId).toBe('A-2');
});

test('deletes what left the template in clean-up, each before what it depends on', async () => {
  const account = new Account();
  await account.deploy({ A: thing(), B: thing({ From: { Ref: 'A' } }), C: thing() });
  expect(await account.deploy({ C: thing() })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(account.sent(3)).toEqual(['Delete B B-1', 'Delete A A-1']);
});

test('abandons what cannot be deleted in clean-up, after the third attempt', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Fails: 'Delete' }), B: thing() });
  expect(await account.deploy({ B: thing() })).toEqual({ status: 'UPDATE_COMPLETE', reasons: [] });
  expect(account.sent(2)).toEqual(['Delete A A-1', 'Delete A A-1', 'Delete A A-1']);
  expect(account.stack().abandoned.map(({ physicalId }) => physicalId)).toEqual(['A-1']);
  await account.delete();
  expect(account.sent(5)).toEqual(['Delete B B-1']);
});

test('refuses another service token', async () => {
  const account = new Account();
  await account.deploy({ A: thing() });
  expect(await account.deploy({ A: thing({ ServiceToken: 'other-provider' }) })).toEqual({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    reasons: ['A: Modifying service token is not allowed.'],
  });
  expect(account.sent()).toEqual(['Create A']);
});

test('refuses a stack that is busy', async () => {
  const account = new Account();
  const first = account.cloudFormation.deploy('One', { Resources: { A: thing({ Minutes: 5 }) } });
  expect(await account.deploy({ A: thing() })).toEqual({
    status: 'CREATE_IN_PROGRESS',
    reasons: [expect.stringContaining('is in CREATE_IN_PROGRESS state and can not be updated')],
  });
  expect(await account.end(first)).toMatchObject({ status: 'CREATE_COMPLETE' });
});
