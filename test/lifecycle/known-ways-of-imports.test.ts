import { failing, faults, FAILS_UPDATE, CALM, NOTHING, TestAccount } from './test-account';

interface Order {
  readonly jobName: string;
  readonly importedModelName: string;
  readonly clientRequestToken: string;
}

/** What was asked of Bedrock, answered or not. */
function orders(account: TestAccount): Order[] {
  const calls = account.world.bedrock.calls.filter(({ operation }) => operation === 'CreateModelImportJob');
  return calls.map(({ input }) => input as Order).filter(({ jobName }) => !jobName.startsWith('strangers-'));
}

describe('jobs and names (facts on peers, §6 rows 13 to 19)', () => {
  test("fails in the poll after the job has, with Bedrock's message and what to do in the stack's reason", async () => {
    const account = new TestAccount();
    account.failJobs('The index has an unexpected key total_parameters');
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain('The index has an unexpected key total_parameters');
    expect(reasons.join()).toMatch(/Next: model.safetensors.index.json must have a root "metadata"/);
    expect(account.minutes('Create')).toBeLessThan(12.6);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a job name stays taken for ever after a failure, and a redeploy imports the same content under another', async () => {
    const account = new TestAccount();
    account.failJobs('Internal error');
    await account.deploy([{}]);
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    const [failed, succeeded] = orders(account);
    expect(succeeded?.importedModelName).toBe(failed?.importedModelName);
    expect(succeeded?.jobName).not.toBe(failed?.jobName);
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Failed', 's3://weights/v1/ Completed']);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('each version has a model name of its own, and going back to the first imports it again', async () => {
    const account = new TestAccount();
    const names = [];
    for (const version of ['1', '2', '1']) {
      await account.deploy([{ version }]);
      names.push(...account.owned());
      await expect(account.modelNames()).resolves.toEqual(account.owned());
    }
    expect(new Set(names).size).toBe(2);
    expect(names[2]).toBe(names[0]);
    await expect(account.jobs()).resolves.toHaveLength(3);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test.each([
    ['same-arn', 'conflict'],
    ['conflict', 'conflict'],
    ['conflict', 'refused'],
    ['same-arn', 'refused'],
  ] as const)(
    'a job that was made without our hearing of it is found (repeated token: %s, name: %s), not made twice',
    async (repeatedToken, duplicateJobName) => {
      const account = new TestAccount({
        faults: faults([failing('CreateModelImportJob', 'timeout-after', 1)]),
        bedrock: { repeatedToken, duplicateJobName, jobVisibleDelaySeconds: 60 },
      });
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
      await expect(account.jobs()).resolves.toHaveLength(1);
      const asked = orders(account);
      expect(asked.length).toBeGreaterThan(1);
      expect(new Set(asked.map(({ clientRequestToken }) => clientRequestToken)).size).toBe(1);
      expect(asked[0]?.clientRequestToken).toBe(asked[0]?.jobName);
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );

  test('an import that a failed update left running is adopted by the next update to the same content', async () => {
    const account = new TestAccount({ cloudFormation: { failedUpdate: 'keeps-old' } });
    const other = { ...CALM, when: 'beside', seconds: 60 } as const;
    await account.deploy([{}], other);
    account.world.bedrock.switches.importSeconds = 5400;
    await account.deploy([{ prefix: 'v2' }], { ...other, failsOn: 'Update', change: 2 });
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed', 's3://weights/v2/ InProgress']);
    await expect(account.deploy([{ prefix: 'v2' }], other)).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    await expect(account.jobs()).resolves.toHaveLength(2);
    await expect(account.modelNames()).resolves.toEqual(account.owned());
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a finished model is reused by every update that wants the same one, in one poll', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const before = await account.models();
    for (const change of [{ retain: true }, { links: 2 }, { links: 2, tag: 'a' }] as const) {
      await expect(account.deploy([change])).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
      expect(account.minutes('Update')).toBeLessThan(0.1);
    }
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.jobs()).resolves.toHaveLength(1);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('roles and permissions (facts on peers, §3 and §6 row 20)', () => {
  test('a fresh role that is refused for ten minutes delays the import', async () => {
    const account = new TestAccount({ bedrock: { roleDelaySeconds: 600 } });
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(account.minutes('Create')).toBeGreaterThan(22);
    expect(account.minutes('Create')).toBeLessThan(23);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails for a role that is refused for good, after a quarter of an hour, and says what to look at', async () => {
    const account = new TestAccount({ bedrock: { roleDelaySeconds: Infinity } });
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(
      /refuses the role arn:aws:iam::\S+ for model One-Model-.* Next: its trust policy must/,
    );
    expect(account.minutes('Create')).toBeCloseTo(15, 0);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test.each(['CreateModelImportJob', 'GetModelImportJob', 'ListModelImportJobs', 'ListObjectsV2'])(
    '%s denied for two minutes, until a new policy has spread, delays the import (cdkd#756)',
    async (operation) => {
      const account = new TestAccount({ faults: faults([failing(operation, 'denied', 8)]) });
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
      expect(account.world.faults.total).toBe(8);
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );

  test('fails when denied for good, after five minutes, and names the call and the next step', async () => {
    const account = new TestAccount({ faults: faults([failing('CreateModelImportJob', 'denied')]) });
    const { status, reasons } = await account.deploy([{}]);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reasons.join()).toMatch(/CreateModelImportJob failed for model .* Next: check the handler's role/);
    expect(account.minutes('Create')).toBeCloseTo(5, 0);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('calls that fail (facts on peers, §3)', () => {
  test.each([
    'GetModelImportJob',
    'ListModelImportJobs',
    'GetImportedModel',
    'ListImportedModels',
    'ListTagsForResource',
    'CreateModelImportJob',
    'DeleteImportedModel',
    'TagResource',
    'UntagResource',
    'ListObjectsV2',
    'GetObject',
    'DescribeStacks',
    'DescribeStackResources',
  ])(
    '%s throttled, answered with 500, and not answered before and after it took effect, loses nothing',
    async (operation) => {
      const kinds = ['throttled', 'server-error', 'timeout-before', 'timeout-after', 'timeout-late'] as const;
      const account = new TestAccount({
        faults: faults(kinds.map((kind, index) => failing(operation, kind, 1, 2 * index))),
      });
      const statuses = [
        await account.deploy([{ tag: 'a' }], CALM),
        await account.deploy([{ tag: 'b' }], CALM),
        await account.deploy([{}], CALM),
        await account.deploy([{ tag: 'c' }], FAILS_UPDATE),
        await account.deploy([{ prefix: 'v2' }], FAILS_UPDATE),
        await account.deploy([{ prefix: 'v2' }], CALM),
      ].map(({ status }) => status);
      const expected = ['CREATE', 'UPDATE', 'UPDATE', 'UPDATE_ROLLBACK', 'UPDATE_ROLLBACK', 'UPDATE'];
      expect(statuses).toEqual(expected.map((kind) => `${kind}_COMPLETE`));
      await expect(account.modelNames()).resolves.toEqual(account.owned());
      await expect(account.jobs()).resolves.toHaveLength(3);
      expect(account.world.faults.total).toBeGreaterThan(0);
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );
});
