import { CALM, NOTHING, TestAccount } from './test-account';

const KEPT = { retain: true };

describe('a retained model (facts on peers, §6 rows 9 and 19)', () => {
  test('stays when its stack goes, and the next stack of the same name adopts it without an import', async () => {
    const account = new TestAccount();
    await account.deploy([KEPT]);
    const before = await account.models();
    await expect(account.destroy()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(account.owned()).toEqual([before[0]?.name]);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.jobs()).resolves.toHaveLength(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails the next stack of the same name when its weights have changed since: both are named, and it stays', async () => {
    const account = new TestAccount();
    await account.deploy([KEPT]);
    const { id } = account.stack();
    const before = await account.models();
    await account.destroy();
    account.world.changeWeights('v1/');
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain(`Imported model ${before[0]?.name} (${before[0]?.arn}) was left behind by ${id}`);
    expect(reasons.join()).toContain('s3://weights/v1/ does not hold the bytes that it was made of');
    await account.destroy();
    await expect(account.models()).resolves.toEqual(before);
  });

  test('is no concern of a stack of another name, which imports for itself', async () => {
    const account = new TestAccount();
    await account.deploy([KEPT]);
    const [kept] = await account.models();
    await account.destroy();
    await account.deploy([{}], undefined, 'Two');
    expect(account.owned('Two')).not.toEqual([kept?.name]);
    await account.destroy('Two');
    await expect(account.models()).resolves.toEqual([kept]);
  });

  test('is not kept when its create fails (RetainExceptOnCreate)', async () => {
    const account = new TestAccount();
    const { status } = await account.deploy([KEPT], { ...CALM, failsOn: 'Create' });
    expect(status).toBe('ROLLBACK_COMPLETE');
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
    await expect(account.models()).resolves.toEqual([]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('is not kept when it is replaced (UpdateReplacePolicy: Delete), so that the quota of three does not fill', async () => {
    const account = new TestAccount();
    for (const version of ['1', '2', '3', '4', '5']) {
      await expect(account.deploy([{ ...KEPT, version }])).resolves.toMatchObject({
        status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) as string,
      });
      await expect(account.modelNames()).resolves.toEqual(account.owned());
    }
  });

  test('of an older version is kept by UpdateReplacePolicy: Retain, through later updates and the destroy', async () => {
    const account = new TestAccount();
    await account.deploy([{ keepReplaced: true }]);
    const [old] = await account.models();
    await account.deploy([{ keepReplaced: true, prefix: 'v2' }]);
    await account.deploy([{ prefix: 'v2', tag: 'a' }]);
    await account.destroy();
    await account.pass(180);
    await expect(account.models()).resolves.toEqual([old]);
  });
});
