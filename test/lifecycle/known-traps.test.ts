import { IMPORTED_MODEL_TYPE } from '../../lib/contract';
import { ANY_MODEL, type OtherPlan, synthesised } from './apps';
import { CALM, failing, faults, FAILS_UPDATE, NOTHING, TestAccount } from './test-account';

const BESIDE: OtherPlan = { when: 'beside', seconds: 60, failsOn: '', change: 1 };
const FAILS_BESIDE: OtherPlan = { ...BESIDE, failsOn: 'Update', change: 2 };

describe('trap 1, a Create that was cancelled (design of the custom resource, §6)', () => {
  test('fails with another resource while its job runs: the Delete has an invented id, and finds the model', async () => {
    const account = new TestAccount();
    const { status } = await account.deploy([{}], { ...BESIDE, failsOn: 'Create' });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(account.requests('Create')[0]?.outcome).toEqual({ kind: 'cancelled' });
    expect(account.requests('Delete')[0]?.request.PhysicalResourceId).toMatch(/^One-Model[0-9A-F]{8}-1+[0-9A-Z]$/);
    await expect(account.models()).resolves.toEqual([]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
  });

  test.each([0, 5, 14, 16])('fails with another resource after %i s, and leaves nothing', async (seconds) => {
    const account = new TestAccount();
    const { status } = await account.deploy([{}], { ...BESIDE, seconds, failsOn: 'Create' });
    expect(status).toBe('ROLLBACK_COMPLETE');
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('trap 2, a waiter that outlives its request', () => {
  test('a cancelled Create that stood in line imports nothing when its turn comes', async () => {
    const account = new TestAccount();
    await account.strangersJob('strangers-job', 'strangers-model');
    const { status } = await account.deploy([{}], { ...BESIDE, failsOn: 'Create' });
    expect(status).toBe('ROLLBACK_COMPLETE');
    await account.pass(120);
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
    await expect(account.modelNames()).resolves.toEqual(['strangers-model']);
  });

  test('a job that took effect after its request was cancelled is swept away', async () => {
    const account = new TestAccount({ faults: faults([failing('CreateModelImportJob', 'timeout-late', 1, 1)]) });
    await account.deploy([{}], BESIDE);
    const before = await account.models();
    const { status } = await account.deploy([{ prefix: 'v2' }], { ...FAILS_BESIDE, seconds: 16 });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(account.jobs()).resolves.toHaveLength(2);
    await account.pass(120);
    await account.deploy([{ tag: 'a' }], BESIDE);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('trap 3, an update that fails while its job runs', () => {
  test('its rollback waits for the job and deletes the model', async () => {
    const account = new TestAccount();
    await account.deploy([{}], BESIDE);
    const before = await account.models();
    await expect(account.deploy([{ prefix: 'v2' }], FAILS_BESIDE)).resolves.toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
    });
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed', 's3://weights/v2/ Completed']);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('what outlives even the rollback is deleted by the next update, and the log says that it was left', async () => {
    const account = await withStraggler();
    expect(account.minutes('Update')).toBeLessThan(51);
    expect(account.world.log).toContainEqual(
      expect.objectContaining({
        next: 'finish',
        why: expect.stringMatching(/left to the next event: import job \S+ of an update that failed/) as string,
      }),
    );
    await expect(account.modelNames()).resolves.toHaveLength(2);
    await account.deploy([{ tag: 'a' }], BESIDE);
    await expect(account.modelNames()).resolves.toEqual(account.owned());
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('what outlives even the rollback is deleted by the destroy', async () => {
    const account = await withStraggler();
    await expect(account.modelNames()).resolves.toHaveLength(2);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  /** A stack whose failed update made a model after its rollback had been answered. */
  async function withStraggler(): Promise<TestAccount> {
    const account = new TestAccount();
    await account.deploy([{}], BESIDE);
    account.world.bedrock.switches.importSeconds = 5400;
    await account.deploy([{ prefix: 'v2' }], FAILS_BESIDE);
    await account.pass(60);
    return account;
  }
});

describe('trap 4, whose id a failed Update leaves', () => {
  const switches = (['keeps-new', 'keeps-old', 'keeps-old-deletes-new'] as const).flatMap((failedUpdate) =>
    (['update', 'delete'] as const).map((replacedRollback) => ({ failedUpdate, replacedRollback })),
  );

  test.each(switches)(
    'fails in its job, before, beside and after another resource; the old model stays (%j)',
    async (cloudFormation) => {
      const account = new TestAccount({ cloudFormation });
      await account.deploy([{}], CALM);
      const before = await account.models();
      const failed = [];
      account.failJobs('Weights are wrong');
      failed.push(await account.deploy([{ prefix: 'v2' }], CALM));
      failed.push(await account.deploy([{ prefix: 'v2' }], FAILS_UPDATE));
      failed.push(await account.deploy([{ prefix: 'v2' }], { ...FAILS_BESIDE, change: 3 }));
      expect(failed.map(({ status }) => status)).toEqual(Array(3).fill('UPDATE_ROLLBACK_COMPLETE'));
      await expect(account.models()).resolves.toEqual(before);
      await expect(account.deploy([{ prefix: 'v2' }], CALM)).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
      await expect(account.modelNames()).resolves.toEqual(account.owned());
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );
});

describe('traps 5 to 9', () => {
  test('trap 5: fails in its second link: both links get their Delete, and one model is deleted once', async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 7200 } });
    const { status } = await account.deploy([{ links: 2 }]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(account.requests('Delete').map(({ outcome }) => outcome?.kind)).toEqual(['success', 'success']);
    const deletions = account.world.writes.filter(({ operation }) => operation === 'DeleteImportedModel');
    expect(deletions).toHaveLength(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('trap 6: every answer has every attribute, also where Bedrock answers with none of the optional ones', async () => {
    const account = new TestAccount({ bedrock: { modelDetails: 'missing', importSeconds: 4000 } });
    await expect(account.deploy([{ links: 2 }])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    const attributes = account
      .requests('Create')
      .map(({ outcome }) => (outcome?.kind === 'success' ? Object.keys(outcome.data).sort() : []));
    expect(attributes[0]).toEqual([
      'CustomModelUnitsPerModelCopy', 'CustomModelUnitsVersion', 'JobArn', 'JobName', 'ModelArchitecture', 'ModelArn', 'ModelName',
    ]); // prettier-ignore
    expect(attributes[1]).toEqual(attributes[0]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test("trap 7: the import starts after its role's policy, not only after the role", () => {
    const { Resources } = synthesised('One', { models: [ANY_MODEL] }).template;
    const model = Object.values(Resources).find(({ Type }) => Type === IMPORTED_MODEL_TYPE);
    const awaited = [model?.DependsOn ?? []].flat().map((id) => Resources[id]?.Type);
    expect(awaited).toContain('AWS::IAM::Policy');
  });

  test('trap 8: a change of the timeout is an Update that is done in one poll', async () => {
    const account = new TestAccount();
    const { template } = synthesised('One', { models: [ANY_MODEL] });
    await account.deployTemplate(template);
    const before = await account.models();
    await account.deployTemplate(withProperties({ TimeoutSeconds: '1200', ServiceTimeout: 3000 }));
    const [update] = account.requests('Update');
    expect(update?.request.ResourceProperties).toMatchObject({ TimeoutSeconds: '1200', ServiceTimeout: '3000' });
    expect(update?.outcome).toMatchObject({ kind: 'success', physicalId: before[0]?.name });
    expect(account.minutes('Update')).toBeLessThan(0.1);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('trap 8: what a stack of an older release sends is enough to roll back to its model, and to delete it', async () => {
    const account = new TestAccount();
    const gone = { WaitForUpload: undefined, Regions: undefined, TimeoutSeconds: undefined, Link: undefined };
    await account.deployTemplate(withProperties({ ...gone, Links: undefined, ServiceTimeout: undefined }));
    const before = await account.models();
    account.failJobs('Weights are wrong');
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(before).toHaveLength(1);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test.each(['conflict', 'refused'] as const)(
    'trap 9: of two waiters at once the second is told that the name is taken (%s), and waits for the job of the first',
    async (duplicateJobName) => {
      const account = new TestAccount({
        faults: faults([], { late: [{ nth: 0, seconds: 0, again: 0 }] }),
        bedrock: { duplicateJobName, repeatedToken: 'conflict', jobVisibleDelaySeconds: 10 },
      });
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
      const asked = account.world.bedrock.calls.filter(({ operation }) => operation === 'CreateModelImportJob');
      expect(asked.map(({ outcome }) => outcome)).toEqual(['ok', 'ConflictException']);
      await expect(account.jobs()).resolves.toHaveLength(1);
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );
});

/** The template of one model, with other properties of its resource. */
function withProperties(properties: Readonly<Record<string, unknown>>) {
  const { Resources } = synthesised('One', { models: [ANY_MODEL] }).template;
  const changed = Object.entries(Resources).map(([id, resource]) => {
    const isModel = resource.Type === IMPORTED_MODEL_TYPE;
    return [id, isModel ? { ...resource, Properties: { ...resource.Properties, ...properties } } : resource] as const;
  });
  return { Resources: Object.fromEntries(changed) };
}
