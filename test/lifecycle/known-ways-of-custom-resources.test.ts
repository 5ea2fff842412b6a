import { IMPORTED_MODEL_TYPE } from '../../lib/contract';
import { ANY_MODEL, synthesised } from './apps';
import { handlerCode } from './handler-code';
import { CALM, failing, faults, FAILS_UPDATE, NOTHING, TestAccount } from './test-account';

const MARKER = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';

describe('onEvent (facts on peers, §3)', () => {
  test.each(['denied', 'kill-before', 'kill-after'] as const)(
    "fails with the framework's marker when onEvent throws on create (%s), and leaves nothing (aws-cdk#5524, #28996)",
    async (kind) => {
      const account = new TestAccount({ faults: faults([failing('DescribeStacks', kind)]) });
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'ROLLBACK_COMPLETE' });
      expect(account.requests('Create')[0]?.outcome).toMatchObject({ kind: 'failed', physicalId: MARKER });
      expect(account.requests('Delete')[0]).toMatchObject({
        request: { PhysicalResourceId: MARKER },
        outcome: { kind: 'success' },
      });
      expect(account.world.bedrock.calls).toEqual([]);
      account.world.faults.on = false;
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );

  test('asks again when it is throttled, instead of failing with the marker', async () => {
    const account = new TestAccount({ faults: faults([failing('DescribeStacks', 'throttled', 3)]) });
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails with the marker when StartExecution fails after it took effect: the waiter imports nothing', async () => {
    const account = new TestAccount({ faults: faults([], { startExecution: [{ nth: 0, how: 'fails-after' }] }) });
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    expect(account.requests('Delete')[0]?.request.PhysicalResourceId).toBe(MARKER);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    await expect(account.jobs()).resolves.toEqual([]);
  });

  test('fails an update whose StartExecution fails after it took effect: the old model stays, nothing is imported', async () => {
    const account = new TestAccount({ faults: faults([], { startExecution: [{ nth: 1, how: 'fails-after' }] }) });
    await account.deploy([{}]);
    const before = account.owned();
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    await account.pass(120);
    await expect(account.modelNames()).resolves.toEqual(before);
    await expect(account.jobs()).resolves.toEqual(['s3://weights/v1/ Completed']);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('isComplete (facts on peers, §3)', () => {
  test('fails on create and keeps the physical id, so that the Delete after it reaches us', async () => {
    const account = new TestAccount({ bedrock: { importSeconds: 60 } });
    account.failJobs('Weights are wrong');
    await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    const [create] = account.requests('Create');
    const name = expect.stringMatching(/^One-Model-[0-9a-f]{10}$/) as string;
    expect(create?.outcome).toMatchObject({ kind: 'failed', physicalId: name });
    expect(account.requests('Delete')[0]).toMatchObject({
      request: { PhysicalResourceId: name },
      outcome: { kind: 'success' },
    });
    expect(account.world.log).toContainEqual(expect.objectContaining({ type: 'Delete', why: 'the model is gone' }));
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test.each(['kill-before', 'kill-after'] as const)(
    'fails when the Lambda dies in the middle of asking for a job (%s), and leaves nothing',
    async (death) => {
      const account = new TestAccount({ faults: faults([failing('CreateModelImportJob', death, 1)]) });
      const { status, reasons } = await account.deploy([{}]);
      expect(status).toBe('ROLLBACK_COMPLETE');
      expect(reasons.join()).toContain('Runtime exited');
      await expect(account.models()).resolves.toEqual([]);
      await expect(account.deploy([{}])).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
      await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
    },
  );

  test('never sends Data with IsComplete false, which the framework refuses (aws-cdk#13458)', async () => {
    const answers: object[] = [];
    const code = {
      ...handlerCode,
      importedModels: (...outside: Parameters<typeof handlerCode.importedModels>) => {
        const handlers = handlerCode.importedModels(...outside);
        const isComplete: typeof handlers.isComplete = async (event) => {
          const answer = await handlers.isComplete(event);
          answers.push(answer);
          return answer;
        };
        return { ...handlers, isComplete };
      },
    };
    const account = new TestAccount({ code });
    await account.deploy([{}]);
    await account.deploy([{ prefix: 'v2' }]);
    await account.destroy();
    const pending = answers.filter((answer) => 'IsComplete' in answer && answer.IsComplete === false);
    expect(pending.length).toBeGreaterThan(80);
    expect(pending.every((answer) => Object.keys(answer).join() === 'IsComplete')).toBe(true);
    expect(answers.filter((answer) => 'Data' in answer)).toHaveLength(2);
  });
});

describe('physical ids and rollbacks (facts on peers, §3)', () => {
  test('a changed physical id brings a Delete of the old model, after the new one is there', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const [old] = await account.models();
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    const [now] = await account.models();
    expect(account.requests('Delete').map(({ request }) => request.PhysicalResourceId)).toEqual([old?.name]);
    expect(old?.goneAt).toBeGreaterThan(now?.createdAt ?? Infinity);
    expect(account.owned()).toEqual([now?.name]);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails an update whose import fails: its rollback is an Update with swapped properties, done in one poll', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const before = await account.models();
    account.failJobs('Weights are wrong');
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    const [forward, back] = account.requests('Update').map(({ request }) => request);
    expect(back?.ResourceProperties).toEqual(forward?.OldResourceProperties);
    expect(back?.OldResourceProperties).toEqual(forward?.ResourceProperties);
    expect(account.minutes('Update')).toBeLessThan(0.1);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails when another resource fails after ours was replaced: the old model is back, the new one is deleted', async () => {
    const account = new TestAccount();
    await account.deploy([{}], CALM);
    const before = await account.models();
    const outcome = await account.deploy([{ prefix: 'v2' }], FAILS_UPDATE);
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(account.jobs()).resolves.toHaveLength(2);
    await expect(account.models()).resolves.toEqual(before);
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('a Delete that fails in clean-up is abandoned by CloudFormation; the next update deletes that model', async () => {
    const account = new TestAccount({ faults: faults([failing('DeleteImportedModel', 'denied')]) });
    await account.deploy([{}]);
    await expect(account.deploy([{ prefix: 'v2' }])).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(account.stack().abandoned).toHaveLength(1);
    await expect(account.modelNames()).resolves.toHaveLength(2);
    account.world.faults.on = false;
    await expect(account.deploy([{ prefix: 'v2', tag: 'a' }])).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    await expect(account.modelNames()).resolves.toEqual(account.owned());
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });

  test('fails to destroy the stack while the model can not be deleted, says why, and succeeds when asked again', async () => {
    const account = new TestAccount({ faults: faults([failing('DeleteImportedModel', 'denied')]) });
    await account.deploy([{}]);
    const [model] = account.owned();
    const { status, reasons } = await account.destroy();
    expect(status).toBe('DELETE_FAILED');
    expect(reasons.join()).toMatch(new RegExp(`DeleteImportedModel failed for model ${model}: .* Next: `));
    account.world.faults.on = false;
    await expect(account.destroy()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});

describe('what others read (facts on peers, §6 rows 22 and 23)', () => {
  test('the answer tells ARN, architecture and the units that one copy of the model costs', async () => {
    const account = new TestAccount();
    await account.deploy([{}]);
    const [model] = await account.models();
    expect(account.requests('Create')[0]?.outcome).toMatchObject({
      data: {
        ModelArn: model?.arn,
        ModelArchitecture: 'gpt_oss',
        CustomModelUnitsPerModelCopy: '2',
        CustomModelUnitsVersion: 'v2.0',
      },
    });
  });

  test('an exported ARN that another stack imports can not change: the update rolls back and keeps the old model', async () => {
    const exporting = (prefix: string) => {
      const { template } = synthesised('One', { models: [{ ...ANY_MODEL, prefix }] });
      const [id] = Object.entries(template.Resources).find(([, { Type }]) => Type === IMPORTED_MODEL_TYPE) ?? [];
      const Value = { 'Fn::GetAtt': [id, 'ModelArn'] };
      return { ...template, Outputs: { Arn: { Value, Export: { Name: 'model' } } } };
    };
    const account = new TestAccount();
    await account.deployTemplate(exporting('v1'));
    const before = await account.models();
    const importer = { Type: 'Test::Other', Properties: { Arn: { 'Fn::ImportValue': 'model' } } };
    await account.deployTemplate({ Resources: { Importer: importer } }, 'Two');
    const { status, reasons } = await account.deployTemplate(exporting('v2'));
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reasons.join()).toContain('Export model cannot be updated as it is in use by Two');
    await expect(account.models()).resolves.toEqual(before);
    await account.destroy('Two');
    await expect(account.leftAfterDestroy()).resolves.toEqual(NOTHING);
  });
});
