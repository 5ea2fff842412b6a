import { IMPORTED_MODEL_TYPE } from '../../lib/contract';
import { ANY_MODEL, type ModelPlan, synthesised } from './apps';
import { failing, faults, NOTHING, TestAccount } from './test-account';

describe('events that come twice (facts on peers, §3)', () => {
  test.each([0, 1, 60, 4000])(
    'a Create repeated %i s later has two waiters, and makes one job and one model (cdkd#2039, aws-cdk#35957)',
    async (again) => {
      const account = new TestAccount({ faults: faults([], { late: [{ nth: 0, seconds: 0, again }] }) });
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
      await account.pass(180);
      await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
      await expect(account.modelNames()).resolves.toEqual(account.owned());
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );

  test('a Create repeated after its stack has been destroyed imports nothing', async () => {
    const account = new TestAccount({ faults: faults([], { late: [{ nth: 0, seconds: 0, again: 4000 }] }) });
    await account.deploy([{}]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
  });

  test.each([0, 1, 60, 4000])('an Update repeated %i s later makes one job, and the old model goes', async (again) => {
    const account = new TestAccount({ faults: faults([], { late: [{ nth: 1, seconds: 0, again }] }) });
    await account.deploy([{}]);
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    await account.pass(180);
    await expect(account.jobs()).resolves.toHaveLength(2);
    await expect(account.modelNames()).resolves.toEqual(account.owned());
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a Delete repeated after the stack was made anew leaves the new model alone', async () => {
    const account = new TestAccount({ faults: faults([], { late: [{ nth: 1, seconds: 0, again: 4000 }] }) });
    await account.deploy([{}]);
    await account.destroy();
    await account.deploy([{}]);
    const before = await account.models();
    await account.pass(180);
    expect(before).toHaveLength(1);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('the answer (facts on peers, §3)', () => {
  test.each([
    ['of quotation marks', '"'],
    ['of control characters', '\u0001'],
    ['of many lines', 'line\n'],
    ['of wide characters', '権😀'],
  ])("fits 4,096 bytes when a job's message is full %s (aws-cdk#23958, #28145)", async (_, text) => {
    const account = new TestAccount();
    account.failJobs(text.repeat(2048));
    const { status } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(account.requests('Create')[0]?.outcome).toMatchObject({
      kind: 'failed',
      physicalId: expect.stringMatching(/^One-Model-/) as string,
      reason: expect.stringContaining('Bedrock could not import s3://weights/v1/ as model One-Model-') as string,
    });
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test("fits 4,096 bytes when a call's refusal is thousands of bytes long", async () => {
    const account = new TestAccount({ faults: faults([failing('GetImportedModel', 'invalid', 1)]) });
    const { reasons } = await account.deploy([{}]);
    expect(reasons.join()).toContain('GetImportedModel failed for model One-Model-');
    expect(Buffer.byteLength(reasons.join())).toBeLessThan(4096);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('the waiter (facts on peers, §3)', () => {
  test('is synthesised to outlast our own deadline and to end before CloudFormation gives up', () => {
    const { template, intervalSeconds, maxAttempts } = synthesised('One', { models: [ANY_MODEL] });
    const { Properties } = Object.values(template.Resources).find(({ Type }) => Type === IMPORTED_MODEL_TYPE) ?? {};
    expect(Properties).toMatchObject({ TimeoutSeconds: '3000', ServiceTimeout: '3600' });
    expect(intervalSeconds * maxAttempts).toBe(3300);
  });

  test('fails by our deadline, with our reason, when the event is too big for onTimeout to parse', async () => {
    const account = new TestAccount();
    await account.deployTemplate(tagged({}, 'a'));
    const before = await account.models();
    const { status, reasons } = await account.deployTemplate(tagged({ upload: true }, 'b'));
    const [{ request } = { request: undefined }] = account.requests('Update');
    expect(JSON.stringify(request).length).toBeGreaterThan(32_768);
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(/Gave up model One-Model-\S+ after 50 minutes. Last: waiting for weights/);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('asks again after errors of the Lambda service itself', async () => {
    const account = new TestAccount({ faults: faults([], { servicePolls: [0, 1, 2, 10] }) });
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(account.world.faults.total).toBe(4);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test("fails at CloudFormation's hour when no poll ever reached us, and nothing is left", async () => {
    const servicePolls = Array.from({ length: 221 }, (_, index) => index);
    const account = new TestAccount({ faults: faults([], { servicePolls }) });
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain('did not receive a response');
    expect(account.minutes('Create')).toBe(60);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.jobs()).resolves.toEqual([]);
  });

  test('polls on after a cancelled update that waited in line, and imports nothing (aws-cdk#31541)', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const before = await account.models();
    await account.strangersJob('strangers-job', 'strangers-model');
    account.later(5, () => {
      account.stack().cancelUpdate();
    });
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    await account.pass(120);
    await expect(account.jobs()).resolves.toHaveLength(2);
    expect((await account.models()).slice(0, 1)).toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.modelNames()).resolves.toEqual(['strangers-model']);
  });

  test('polls on after a Create that came so late that CloudFormation gave it up, and imports nothing', async () => {
    const late = [{ nth: 0, seconds: 3590, again: undefined }];
    const account = new TestAccount({ faults: faults([], { late }) });
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    await account.pass(120);
    await expect(account.jobs()).resolves.toEqual([]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

/** As many tags as fit beside ours, of full length. */
function tagged(plan: Partial<ModelPlan>, filler: string) {
  const { template } = synthesised('One', { models: [{ ...ANY_MODEL, ...plan }] });
  const Tags = Array.from({ length: 47 }, (_, index) => ({
    Key: `${index}-`.padEnd(128, filler),
    Value: filler.repeat(256),
  }));
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    const isModel = resource.Type === IMPORTED_MODEL_TYPE;
    return [id, isModel ? { ...resource, Properties: { ...resource.Properties, Tags } } : resource] as const;
  });
  return { Resources: Object.fromEntries(resources) };
}
