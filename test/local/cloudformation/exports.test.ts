import { Account, thing } from './testbed';

const exported = (Value: unknown) => ({ Out: { Value, Export: { Name: 'the-name' } } });
const importer = { B: thing({ From: { 'Fn::ImportValue': 'the-name' } }) };
const name = { 'Fn::GetAtt': ['A', 'Name'] };

async function twoStacks(): Promise<Account> {
  const account = new Account();
  await account.deploy({ A: thing() }, exported(name));
  await account.deploy(importer, {}, 'Two');
  return account;
}

test('hands a value from one stack to another', async () => {
  const account = await twoStacks();
  expect(account.last('Create').ResourceProperties['From']).toBe('name of A-1');
  expect(account.stack().outputs).toEqual({ Out: 'name of A-1' });
});

test('fails to import what nobody exports', async () => {
  const account = new Account();
  expect(await account.deploy(importer)).toMatchObject({ reasons: ['B: No export named the-name found'] });
});

test('rolls back an update that would change an export in use', async () => {
  const account = await twoStacks();
  expect(await account.deploy({ A: thing({ Version: 2 }) }, exported(name))).toEqual({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    reasons: ['Export the-name cannot be updated as it is in use by Two'],
  });
  expect(account.sent(2)).toEqual(['Update A A-1', 'Update A A-2', 'Delete A A-2']);
  expect(account.cloudFormation.exports.get('the-name')).toBe('name of A-1');
});

test('rolls back an update that would remove an export in use', async () => {
  const account = await twoStacks();
  expect(await account.deploy({ A: thing() })).toMatchObject({
    reasons: ['Export the-name cannot be deleted as it is in use by Two'],
  });
});

test('refuses to delete a stack whose export is in use, before anything is deleted', async () => {
  const account = await twoStacks();
  expect(await account.delete()).toEqual({
    status: 'CREATE_COMPLETE',
    reasons: ['Export the-name cannot be deleted as it is in use by Two'],
  });
  expect(account.sent(2)).toEqual([]);
});

test.each([
  ['is deleted', (account: Account) => account.delete('Two')],
  ['no longer reads it', (account: Account) => account.deploy({ B: thing() }, {}, 'Two')],
])('lets an export change once its importer %s', async (_, release) => {
  const account = await twoStacks();
  await release(account);
  expect(await account.deploy({ A: thing({ Version: 2 }) }, exported(name))).toMatchObject({
    status: 'UPDATE_COMPLETE',
  });
  expect(await account.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('keeps an export in use when its importer was rolled back to reading it', async () => {
  const account = await twoStacks();
  await account.deploy({ B: thing({ Fails: 'Update' }) }, {}, 'Two');
  expect(await account.delete()).toMatchObject({ status: 'CREATE_COMPLETE' });
});

test('lets go of an export when the creation of its importer was rolled back', async () => {
  const account = new Account();
  await account.deploy({ A: thing() }, exported(name));
  await account.deploy({ B: thing({ From: { 'Fn::ImportValue': 'the-name' }, Fails: 'Create' }) }, {}, 'Two');
  expect(await account.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
});
