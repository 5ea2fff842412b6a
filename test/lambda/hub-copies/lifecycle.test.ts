import type { StackOutcome } from '../../../local/cloudformation/cloudformation';
import { failing, faults } from '../../lifecycle/test-account';
import { COMMITS, goal } from './account';
import { CALM, COPY, type CopyPlan, MACHINE, type OtherPlan, template } from './app';
import { World, type WorldOptions } from './world';

const ID_1 = `s3://own-1/hf/openai/gpt-oss-20b/${COMMITS.v1}-r1/`;
const ID_2 = `s3://own-1/hf/openai/gpt-oss-20b/${COMMITS.v2}-r1/`;
const GIVEN: Partial<CopyPlan> = { bucket: 'given', owns: false };
const V2: Partial<CopyPlan> = { revision: COMMITS.v2 };
const FAILS: OtherPlan = { ...CALM, failsOn: 'Update', change: 1 };

/** An account in which one history is told step by step; each step runs to its end. */
class Told {
  readonly world: World;

  constructor(options: WorldOptions = {}) {
    this.world = new World(options);
  }

  deploy(copy: Partial<CopyPlan> = {}, other = CALM): Promise<StackOutcome> {
    return this.world.run(() => this.world.deploy({ copy: { ...COPY, ...copy }, other }));
  }

  withoutCopy(): Promise<StackOutcome> {
    return this.world.run(() => this.world.deploy({ other: CALM }));
  }

  destroy(): Promise<StackOutcome> {
    const { stack } = this.world;
    if (!stack) throw new Error('there is no stack');
    return this.world.run(() => stack.delete());
  }

  /** Does something so many minutes from now, while the next step runs. */
  later(minutes: number, deed: () => unknown): void {
    void this.world.time.sleep(minutes * 60_000).then(deed);
  }

  /** Where executions copied to, and how they ended. */
  runs(): string[] {
    return this.world.account.runs.map((run) => `${goal(run)} ${run.status}`);
  }

  /** Folders that have anything in a bucket. */
  folders(bucket = 'own-1'): string[] {
    return [
      ...new Set([...this.world.account.keys(bucket)].map((key) => `s3://${bucket}/${key.replace(/[^/]+$/, '')}`)),
    ];
  }

  owned(): string | undefined {
    return this.world.stack?.resources.get('Copy')?.physicalId;
  }

  answers(): (string | undefined)[] {
    return this.world.cloudFormation.requests.map(({ outcome }) => outcome?.kind);
  }
}

describe('a deployment', () => {
  test('copies, and a second one of the same copies nothing', async () => {
    const told = new Told();
    expect(await told.deploy()).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await told.deploy({ accepts: 'eos-ids' })).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect([told.runs(), told.owned(), told.folders()]).toEqual([[`${ID_1} succeeded`], ID_1, [ID_1]]);
  });

  test('of another commit removes the copy that nobody wants any more', async () => {
    const told = new Told();
    await told.deploy();
    expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect([told.owned(), told.folders()]).toEqual([ID_2, [ID_2]]);
  });

  test('of another commit leaves a given bucket as it is', async () => {
    const told = new Told();
    await told.deploy(GIVEN);
    await told.deploy({ ...GIVEN, ...V2 });
    await told.destroy();
    expect(told.folders('given')).toEqual([ID_1, ID_2].map((id) => id.replace('own-1', 'given')));
  });

  test('into a given bucket empties the one that the construct had, though the commit is the same', async () => {
    const told = new Told();
    await told.deploy();
    expect(await told.deploy(GIVEN)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect([told.folders(), told.folders('given')]).toEqual([[], [ID_1.replace('own-1', 'given')]]);
  });

  test('fails with the cause of the execution, and the next begins anew', async () => {
    const told = new Told({ account: { endings: ['failed'] } });
    const { status, reasons } = await told.deploy();
    expect([status, reasons.join()]).toEqual([
      'ROLLBACK_COMPLETE',
      expect.stringContaining('config.json was not copied'),
    ]);
    expect(told.folders()).toEqual([]);
    expect(await told.deploy()).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  test('longer than an hour is handed on along the chain', async () => {
    const told = new Told({ account: { secondsPerCopy: 2.4 * 3600 } });
    expect(await told.deploy({ links: 3 })).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(told.runs()).toEqual([`${ID_1} succeeded`]);
  });

  test('fails when its time is up, and nothing runs on', async () => {
    const told = new Told({ account: { endings: ['hangs'] } });
    const { status, reasons } = await told.deploy();
    expect([status, reasons.join()]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining('after 50 minutes')]);
    expect([told.runs(), told.folders()]).toEqual([[`${ID_1} failed`], []]);
  });

  test('is answered by one execution though its event comes twice', async () => {
    const told = new Told({ faults: faults([], { late: [{ nth: 0, seconds: 0, again: 1 }] }) });
    expect(await told.deploy()).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(told.runs()).toEqual([`${ID_1} succeeded`]);
  });

  test.each(['throttled', 'timeout-before', 'timeout-after', 'timeout-late', 'denied'] as const)(
    'rides out a start that is %s',
    async (kind) => {
      const told = new Told({ faults: faults([failing('StartExecution', kind, 2)]) });
      expect(await told.deploy()).toMatchObject({ status: 'CREATE_COMPLETE' });
      expect(told.runs()).toEqual([`${ID_1} succeeded`]);
    },
  );

  test.each([
    ['DescribeStacks', 'throttled'],
    ['DescribeStacks', 'denied'],
    ['Invoke', 'denied'],
    ['Invoke', 'throttled'],
  ] as const)('waits when %s is %s at the very first', async (operation, kind) => {
    const told = new Told({ faults: faults([failing(operation, kind, 5)]) });
    expect(await told.deploy({ revision: 'main' })).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  test.each(['DescribeStacks', 'Invoke'])('fails when %s stays denied', async (operation) => {
    const told = new Told({ faults: faults([failing(operation, 'denied')]) });
    const { status, reasons } = await told.deploy({ revision: 'main' });
    expect([status, reasons.join()]).toEqual([
      'ROLLBACK_COMPLETE',
      expect.stringMatching(`${operation} failed[^]*handler's role`),
    ]);
  });

  test('fails for a revision that there is none of, in its words', async () => {
    const { reasons } = await new Told().deploy({ revision: 'v9' });
    expect(reasons.join()).toContain('could not be resolved: there is none');
  });
});

describe('a Create that is given up', () => {
  test.each([COMMITS.v1, 'main'])(
    'is stopped and removed under the id that CloudFormation invents: %s',
    async (revision) => {
      const told = new Told();
      told.later(3, () => told.world.stack?.delete());
      await told.deploy({ revision });
      await told.world.run(() => told.world.time.sleep(3_600_000));
      expect(told.world.stack).toBeUndefined();
      expect(told.world.account.runs).toMatchObject([{ status: 'failed', cause: 'stopped' }]);
      expect(told.folders()).toEqual([]);
    },
  );
});

describe('an update that does not come to its end', () => {
  test.each(['keeps-new', 'keeps-old', 'keeps-old-deletes-new'] as const)(
    'and failed leaves the copy in use, and what it had copied for the next: %s',
    async (failedUpdate) => {
      const told = new Told({ account: { endings: ['copied', 'failed'] }, cloudFormation: { failedUpdate } });
      await told.deploy();
      expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
      expect([told.owned(), told.folders()]).toEqual([ID_1, [ID_1, ID_2]]);
      expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_COMPLETE' });
      expect(told.folders()).toEqual([ID_2]);
    },
  );

  test('and was cancelled is gone on with: its execution is adopted', async () => {
    const told = new Told();
    await told.deploy();
    told.later(1, () => told.world.stack?.cancelUpdate());
    expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(told.runs()).toEqual([`${ID_1} succeeded`, `${ID_2} succeeded`]);
  });

  test('and was cancelled runs on, until a destroy stops it', async () => {
    const told = new Told({ account: { endings: ['copied', 'hangs'], secondsInFlight: 10 } });
    await told.deploy();
    told.later(1, () => told.world.stack?.cancelUpdate());
    await told.deploy(V2);
    expect(told.runs()).toEqual([`${ID_1} succeeded`, `${ID_2} running`]);
    expect(await told.destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect([told.runs()[1], told.folders()]).toEqual([`${ID_2} failed`, []]);
  });

  test('because of another resource leaves both copies, and the old one in use', async () => {
    const told = new Told();
    await told.deploy();
    expect(await told.deploy(V2, FAILS)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect([told.owned(), told.folders()]).toEqual([ID_1, [ID_1, ID_2]]);
  });

  test('goes back to what a branch was, though it has moved and no Hub answers', async () => {
    const told = new Told();
    await told.deploy({ revision: 'main' });
    const before = told.owned();
    told.world.account.head = -1;
    expect(await told.deploy({ revision: 'v9' })).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(told.owned()).toBe(before);
    expect(told.runs()).toHaveLength(1);
  });
});

describe('a copy that leaves its stack', () => {
  test('is removed, and what runs for it is stopped', async () => {
    const told = new Told({ account: { endings: ['copied', 'hangs'] } });
    await told.deploy();
    told.later(1, () => told.world.stack?.cancelUpdate());
    await told.deploy(V2);
    expect(await told.withoutCopy()).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect([told.runs()[1], told.folders()]).toEqual([`${ID_2} failed`, []]);
  });

  test('is removed by a destroy that is throttled and cut off', async () => {
    const calls = [failing('DeleteObjects', 'timeout-after', 3), failing('ListExecutions', 'throttled', 3, 2)];
    const told = new Told({ faults: faults(calls) });
    await told.deploy();
    expect(await told.destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(told.folders()).toEqual([]);
  });
});

test('a Delete that comes again, long after, touches nothing of a later update', async () => {
  const told = new Told({ faults: faults([], { late: [{ nth: 2, seconds: 0, again: 300 }] }) });
  await told.deploy();
  await told.deploy(V2);
  expect(await told.deploy({ revision: COMMITS.v1 })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(told.runs()).toEqual([`${ID_1} succeeded`, `${ID_2} succeeded`, `${ID_1} succeeded`]);
  expect(told.folders()).toEqual([ID_1]);
});

test('a handler that dies fails the deployment, and the next goes on with its execution', async () => {
  const told = new Told({
    faults: faults([failing('StartExecution', 'kill-after', 1, 1)]),
    cloudFormation: { failedUpdate: 'keeps-old' },
  });
  await told.deploy();
  expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await told.deploy(V2)).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(told.runs()).toEqual([`${ID_1} succeeded`, `${ID_2} succeeded`]);
});

test('every resource names the state machine of its copy', () => {
  const { Copy, Copy2 } = template({ copy: { ...COPY, links: 2 }, other: CALM }, 'Copies-1').Resources;
  const expected = { StateMachineArn: `${MACHINE}Copies-1` };
  expect([Copy?.Properties, Copy2?.Properties]).toMatchObject([expected, expected]);
});
