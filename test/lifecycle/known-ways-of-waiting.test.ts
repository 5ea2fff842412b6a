import { IMPORT_WAIT_TYPE, IMPORTED_MODEL_TYPE } from '../../lib/contract';
import { ANY_MODEL, synthesised } from './apps';
import { CALM, FAILS_UPDATE, NOTHING, TestAccount } from './test-account';

/** Requests of a type to the waits behind the model, as link numbers. */
function links(account: TestAccount, type: 'Create' | 'Update' | 'Delete'): unknown[] {
  return account.requests(type).map(({ request }) => request.ResourceProperties['Link']);
}

describe('an import longer than an hour (facts on peers, §6 rows 10 to 12; custom resource §7)', () => {
  test('costs a model under an hour no further resource', () => {
    const { template } = synthesised('One', { models: [ANY_MODEL] });
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types).toContain(IMPORTED_MODEL_TYPE);
    expect(types).not.toContain(IMPORT_WAIT_TYPE);
  });

  test.each([
    [2, 5400],
    [3, 8400],
  ] as const)('succeeds through a chain of %i resources in %i s, with one job', async (count, importSeconds) => {
    const account = new TestAccount({ bedrock: { importSeconds } });
    await expect(account.deploy([{ links: count }])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    const [model] = await account.models();
    const outcomes = account.requests('Create').map(({ outcome }) => outcome);
    expect(outcomes).toHaveLength(count);
    expect(outcomes.at(0)).toMatchObject({ data: { ModelArn: '', ModelName: model?.name } });
    expect(outcomes.at(-1)).toMatchObject({ data: { ModelArn: model?.arn, ModelName: model?.name } });
    await expect(account.jobs()).resolves.toHaveLength(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    expect(links(account, 'Delete')).toEqual(Array.from({ length: count }, (_, index) => `${count - index}`));
  });

  test.each([1, 2] as const)('fails when it takes longer than %i resources wait, and leaves nothing', async (count) => {
    const account = new TestAccount({ bedrock: { importSeconds: count * 3000 + 1000 } });
    const { status, reasons } = await account.deploy([{ links: count }]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(
      new RegExp(
        `Gave up model One-Model-\\S+ after ${50 * count} minutes. Last: import job One-Model-\\S+ makes model`,
      ),
    );
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails in the second hour when its job fails then, and every link gets its Delete', async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 5400 } });
    account.failJobs('Weights are wrong');
    const { status, reasons } = await account.deploy([{ links: 3 }]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain('Weights are wrong');
    expect(links(account, 'Delete')).toEqual(['2', '1']);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('makes its job in the second link when the first has spent its hour in line', async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 3600 } });
    await account.strangersJob('strangers-job', 'strangers-model');
    account.world.bedrock.switches.importSeconds = 720;
    await expect(account.deploy([{ links: 2 }])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    const [first, second] = account.requests('Create').map(({ outcome }) => outcome);
    const [, model] = await account.models();
    expect(first).toMatchObject({ data: { JobName: model?.job.request.jobName } });
    expect(second).toMatchObject({ data: { ModelArn: model?.arn } });
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('in an update runs every link again for another model, and answers other tags in one poll', async () => {
    const account = new TestAccount();
    await account.deploy([{ links: 2 }]);
    await account.deploy([{ links: 2, tag: 'a' }]);
    expect(account.minutes('Update')).toBeLessThan(0.1);
    await expect(account.jobs()).resolves.toHaveLength(1);
    await account.deploy([{ links: 2, prefix: 'v2' }]);
    expect(links(account, 'Update')).toEqual(['1', '2', '1', '2']);
    await expect(account.jobs()).resolves.toHaveLength(2);
    await expect(account.modelNames()).resolves.toEqual(account.owned());
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('goes from one link to three and back without another import', async () => {
    const account = new TestAccount();
    for (const count of [1, 3, 1] as const) {
      const { status } = await account.deploy([{ links: count }]);
      expect(status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    }
    expect(links(account, 'Delete').sort()).toEqual(['2', '3']);
    await expect(account.jobs()).resolves.toHaveLength(1);
    await expect(account.modelNames()).resolves.toEqual(account.owned());
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails when another resource fails after it: the chain goes back to the old model', async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 5400 } });
    await account.deploy([{ links: 2 }], CALM);
    const before = await account.models();
    const { status } = await account.deploy([{ links: 2, prefix: 'v2' }], FAILS_UPDATE);
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('waiting for weights (facts on peers, §6 row 8)', () => {
  test('ends when the stack is deleted meanwhile: nothing was imported, and nothing is deleted', async () => {
    const account = new TestAccount();
    account.later(10, () => account.stack().delete());
    await account.deploy([{ upload: true }]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    expect(account.world.writes).toEqual([]);
    await expect(account.jobs()).resolves.toEqual([]);
  });

  test('fails at the timeout when nobody uploads, and says where to', async () => {
    const account = new TestAccount();
    const { status, reasons } = await account.deploy([{ upload: true }]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(/after 50 minutes. Last: waiting for weights: s3:\/\/weights\/\S+ is empty/);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    expect(account.world.writes).toEqual([]);
  });

  test('fails at once for a folder that nobody is to fill, and destroying that stack has nothing to do', async () => {
    const account = new TestAccount();
    const { status, reasons } = await account.deploy([{ prefix: 'empty' }]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain('s3://weights/empty/ is empty. No import job was made');
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    expect(account.world.writes).toEqual([]);
  });
});
