import { OWNER_TAGS } from '../../lib/contract';
import { ANY_MODEL } from './apps';
import { NOTHING, TestAccount } from './test-account';

describe('quotas (facts on peers, §6 rows 7 and 21)', () => {
  test('three models of one stack and one of another are imported one at a time, with no order given by anybody', async () => {
    const account = new TestAccount({ bedrock: { maxModels: 4 } });
    const plans = ['A', 'B', 'C', 'D'].map((id) => ({ ...ANY_MODEL, id, links: 2 }) as const);
    const outcomes = await account.run(() =>
      Promise.all([
        account.world.deploy('One', { models: plans.slice(0, 3) }),
        account.world.deploy('Two', { models: plans.slice(3) }),
      ]),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
    const { jobs } = await account.world.bedrock.look();
    expect(jobs).toHaveLength(4);
    for (const [index, job] of jobs.entries()) {
      expect(job.createdAt).toBeGreaterThanOrEqual(jobs[index - 1]?.endsAt ?? 0);
    }
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test("fails when it stood in line behind strangers' jobs until its timeout, and says behind which", async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 7200 } });
    await account.strangersJob('strangers-job', 'strangers-model');
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(/after 50 minutes. Last: model One-Model-\S+ waits in line: .* now strangers-job/);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.jobs()).resolves.toHaveLength(1);
  });

  test('fails at once when models fill the account, with their names and the remedies', async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 60 } });
    for (const name of ['alpha', 'beta', 'gamma']) {
      await account.strangersJob(`strangers-${name}`, name);
      await account.pass(2);
    }
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(/no room for model One-Model-\S+: .*: gamma, beta, alpha. .*Next: .*L-45B04988/);
    expect(account.minutes('Create')).toBeLessThan(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.modelNames()).resolves.toEqual(['alpha', 'beta', 'gamma']);
  });

  test('fails a replacement that finds no free slot, says that it needs one, and keeps the old model', async () => {
    const account = new TestAccount({ bedrock: { maxModels: 1 } });
    await account.deploy([{}]);
    const before = await account.models();
    const { status, reasons } = await account.deploy([{ prefix: 'v2' }]);
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain('A replacement needs a free slot');
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test("fails at once when the account's quota is zero, and says how to ask for more", async () => {
    const account = new TestAccount({ bedrock: { maxModels: 0 } });
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(/quota must be zero. Next: ask for "Imported models per account"/);
    expect(account.minutes('Create')).toBeLessThan(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe("strangers' things of our names (facts on peers, §6 rows 15 and 19)", () => {
  test("fails for a stranger's model of our name, which stays as it is", async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const [name = ''] = account.owned();
    await account.destroy();
    await account.strangersJob('strangers-job', name);
    await account.pass(20);
    const before = await account.models();
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain(
      `Imported model ${name} (${before[0]?.arn}) already exists and is not of this stack`,
    );
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.models()).resolves.toEqual(before);
    expect(before[0]?.tags.size).toBe(0);
  });

  test("fails for a stranger's job of our name, and neither waits for it nor deletes what it makes", async () => {
    const rehearsal = new TestAccount();
    await rehearsal.deploy([{}]);
    const [job] = (await rehearsal.world.bedrock.look()).jobs;
    const account = new TestAccount();
    await account.strangersJob(job?.request.jobName ?? '', 'strangers-model');
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain(
      `Import job ${job?.request.jobName} already exists and makes model strangers-model`,
    );
    expect(account.minutes('Create')).toBeLessThan(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.modelNames()).resolves.toEqual(['strangers-model']);
  });
});

describe('whose a model is (facts on peers, §6 rows 4 to 9 and 19)', () => {
  test('destroying the stack deletes the imported model, and a stack without one is destroyed as well', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const [model] = await account.models();
    await expect(account.destroy()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    const deletions = account.world.writes.filter(({ operation }) => operation === 'DeleteImportedModel');
    expect(deletions.map(({ input }) => input)).toEqual([{ modelIdentifier: model?.arn }]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a model that was deleted by hand is imported again by the next update', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const before = account.owned();
    await account.deleteModelsByHand();
    await expect(account.deploy([{ tag: 'a' }])).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(account.owned()).toEqual(before);
    await expect(account.modelNames()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a model that was deleted by hand is no hindrance to its destroy', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    await account.deleteModelsByHand();
    await expect(account.destroy()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  });

  test('a stack deleted while its import runs waits for the job and deletes its model', async () => {
    const account = new TestAccount();
    account.later(5, () => account.stack().delete());
    await account.deploy([{}]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
    expect(account.minutes('Delete')).toBeGreaterThan(7);
  });

  test.each([0.1, 0.24, 0.26, 0.3])(
    'a stack deleted %f minutes after its create began leaves nothing',
    async (minutes) => {
      const account = new TestAccount({ bedrock: { jobVisibleDelaySeconds: 10, modelVisibleDelaySeconds: 20 } });
      account.later(minutes, () => account.stack().delete());
      await account.deploy([{}]);
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );

  test('a model in use is deleted when nobody uses it any more', async () => {
    const account = new TestAccount({ bedrock: { deleteWhileInUse: 'conflict' } });
    await account.deploy([{}]);
    for (const model of await account.models()) model.lastInvokedAt = account.world.time.now();
    await expect(account.destroy()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(account.minutes('Delete')).toBeCloseTo(5, 0);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails to destroy a model that is always in use, says so within the hour, and succeeds when asked again', async () => {
    const account = new TestAccount({ bedrock: { deleteWhileInUse: 'conflict' } });
    await account.deploy([{}]);
    const [model] = await account.models();
    if (model) model.lastInvokedAt = account.world.time.now() + 3_600_000;
    const { status, reasons } = await account.destroy();
    expect(status).toBe('DELETE_FAILED');
    expect(reasons.join()).toMatch(
      /could not be deleted within 50 minutes. Last: .*in use.*Next: delete the stack again/,
    );
    expect(account.owned()).toEqual([model?.name]);
    await account.pass(60);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a change of tags alone changes the tags of the model, and nobody deletes or imports anything', async () => {
    const account = new TestAccount();
    await account.deploy([{ tag: 'a' }]);
    const [model] = await account.models();
    model?.tags.set('by-hand', 'x');
    await account.deploy([{ tag: 'b' }]);
    expect(model?.tags.get('team')).toBe('b');
    await account.deploy([{}]);
    expect(model?.tags.has('team')).toBe(false);
    expect(model?.tags.get('by-hand')).toBe('x');
    expect(model?.tags.get(OWNER_TAGS.stack)).toBe(account.stack().id);
    await expect(account.models()).resolves.toEqual([model]);
    await expect(account.jobs()).resolves.toHaveLength(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});
