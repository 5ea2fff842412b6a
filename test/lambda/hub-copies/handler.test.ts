import { hubCopies } from '../../../lambda/hub-copies/handler';
import { type Outside, UnknownRevision } from '../../../lambda/hub-copies/port';
import { CallFailed } from '../../../lambda/imported-model/port';
import { CALM, COMMIT, failed, ID, OTHER_COMMIT, PLACE, saying, STARTED, THERE } from './fixtures';
import { event, PROPERTIES } from './framework';

/** Calls that were made, with what they were told; and what they answer, unless a call is given otherwise. */
interface Given {
  readonly moment?: () => Promise<typeof CALM>;
  readonly resolve?: () => Promise<string>;
  readonly running?: Outside['executions']['running'];
  readonly whole?: Outside['copies']['whole'];
  readonly millisecondsPerCall?: number;
}

function world(given: Given = {}) {
  const calls: unknown[][] = [];
  const lines: Record<string, unknown>[] = [];
  let clock = STARTED;
  const called = async <T>(answer: () => Promise<T> | T, ...what: unknown[]): Promise<T> => {
    calls.push(what);
    clock += given.millisecondsPerCall ?? 50;
    return answer();
  };
  const outside: Outside = {
    executions: {
      running: (...asked) => called(() => given.running?.(...asked) ?? [], 'running', ...asked),
      find: (...asked) => called(() => undefined, 'find', ...asked),
      start: (...asked) => called(() => undefined, 'start', ...asked),
      stop: (...asked) => called(() => undefined, 'stop', ...asked),
    },
    copies: {
      whole: (...asked) => called(() => given.whole?.(...asked), 'whole', ...asked),
      giveUp: (...asked) => called(() => 0, 'giveUp', ...asked),
      removeAllBut: (...asked) => called(() => 0, 'removeAllBut', ...asked),
    },
    stacks: {
      moment: () => called(given.moment ?? (() => CALM), 'moment'),
      declares: () => called(() => true, 'declares'),
      resourceStatus: () => called(() => 'UPDATE_IN_PROGRESS', 'resourceStatus'),
      physicalId: () => called(() => ID, 'physicalId'),
    },
    resolve: ({ revision }) => called(given.resolve ?? (() => OTHER_COMMIT), 'resolve', revision),
    now: () => clock,
    sleep: (milliseconds) => {
      clock += milliseconds;
      return Promise.resolve();
    },
    log: (line) => lines.push(line),
  };
  return { ...hubCopies(outside), calls, lines, passed: () => clock - STARTED };
}

const rejecting = (error: Error) => () => Promise.reject(error);
const noted = { Started: STARTED, Stack: CALM, PhysicalResourceId: ID };

describe('when a request comes', () => {
  test('it is noted with the stack, and nothing is written', async () => {
    const { onEvent, calls } = world();
    expect(await onEvent(event('Create'))).toEqual({
      Started: STARTED,
      CameWith: undefined,
      Stack: CALM,
      PhysicalResourceId: ID,
    });
    expect(calls).toEqual([['moment']]);
  });

  test('a branch is resolved, and told in the physical id', async () => {
    const answer = await world().onEvent(event('Create', { Revision: 'main' }));
    expect(answer.PhysicalResourceId).toBe(`s3://weights/hf/openai/gpt-oss-20b/${OTHER_COMMIT}-r1/@main`);
  });

  test('an update resolves a branch anew', async () => {
    const { onEvent } = world();
    const answer = await onEvent(event('Update', { Revision: 'main' }, { PhysicalResourceId: `${ID}@main` }));
    expect(answer).toMatchObject({ CameWith: `${ID}@main`, PhysicalResourceId: saying(OTHER_COMMIT) });
  });

  test('a rollback does not', async () => {
    const moment = () => Promise.resolve({ ...CALM, status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
    const { onEvent, calls } = world({ moment });
    const answer = await onEvent(event('Update', { Revision: 'main' }, { PhysicalResourceId: `${ID}@main` }));
    expect(answer.PhysicalResourceId).toBe(`${ID}@main`);
    expect(calls).toEqual([['moment']]);
  });

  test('a further link has an id of its own', async () => {
    const answer = await world().onEvent(event('Create', { Revision: 'main', Commit: COMMIT, Link: '2', Links: '2' }));
    expect(answer.PhysicalResourceId).toBe(`${ID}2`);
  });

  test('a Delete keeps its id, or the framework refuses it, and asks nobody', async () => {
    const { onEvent, calls } = world({ moment: rejecting(failed('denied')) });
    const answer = await onEvent(event('Delete', {}, { PhysicalResourceId: 'Shop-Copy-1ABCDEFGHIJKL' }));
    expect(answer.PhysicalResourceId).toBe('Shop-Copy-1ABCDEFGHIJKL');
    expect(calls).toEqual([]);
  });

  test('fails at once for a revision that there is none of', async () => {
    const { onEvent, passed } = world({ resolve: rejecting(new UnknownRevision('there is no branch')) });
    const answer = onEvent(event('Create', { Revision: 'main' }));
    await expect(answer).rejects.toMatchObject({ message: 'there is no branch', stack: 'see the message' });
    expect(passed()).toBe(100);
  });

  test('waits for what the copying function may not do yet', async () => {
    let asked = 0;
    const early = new UnknownRevision('could not read the secret', 'denied');
    const resolve = () => (++asked < 4 ? Promise.reject(early) : Promise.resolve(OTHER_COMMIT));
    const { onEvent, passed } = world({ resolve });
    expect(await onEvent(event('Create', { Revision: 'main' }))).toMatchObject({
      PhysicalResourceId: saying(OTHER_COMMIT),
    });
    expect(asked).toBe(4);
    expect(passed()).toBeLessThan(10_000);
  });

  test.each(['denied', 'passing'] as const)(
    'fails in the copying function’s own words when that stays so for 20 seconds (%s)',
    async (kind) => {
      const { onEvent, passed } = world({ resolve: rejecting(new UnknownRevision('could not read the secret', kind)) });
      const answer = onEvent(event('Create', { Revision: 'main' }));
      await expect(answer).rejects.toMatchObject({ message: 'could not read the secret', stack: 'see the message' });
      expect(passed()).toBeGreaterThan(20_000);
      expect(passed()).toBeLessThan(25_000);
    },
  );

  test.each([
    ['moment', 'denied', "handler's role"],
    ['moment', 'passing', 'throttling'],
    ['resolve', 'denied', "handler's role"],
    ['resolve', 'passing', 'throttling'],
  ] as const)('fails when %s was refused as %s for 20 seconds', async (call, kind, remedy) => {
    const { onEvent, passed } = world({ [call]: rejecting(failed(kind, 'Refused: no', 'TheCall')) });
    const message = saying('TheCall failed, so openai/gpt-oss-20b was not copied: Refused: no', 'Next: ', remedy);
    await expect(onEvent(event('Create', { Revision: 'main' }))).rejects.toMatchObject({ message });
    expect(passed()).toBeGreaterThan(20_000);
    expect(passed()).toBeLessThan(25_000);
  });

  test.each(['moment', 'resolve'] as const)('fails at once when %s is refused for good', async (call) => {
    const { onEvent, passed } = world({ [call]: rejecting(failed('invalid')) });
    await expect(onEvent(event('Create', { Revision: 'main' }))).rejects.toMatchObject({
      message: saying('correct the cause'),
    });
    expect(passed()).toBeLessThan(1000);
  });
});

describe('a poll', () => {
  test('starts what the state machine’s function understands', async () => {
    const { isComplete, calls } = world();
    const more = { Endpoint: 'https://hub.example', TokenSecretArn: 'arn:secret', AcceptedFindings: ['eos-ids'] };
    expect(await isComplete(event('Update', { ...more, Revision: 'main' }, noted))).toEqual({ IsComplete: false });
    const copy = {
      repository: 'openai/gpt-oss-20b',
      revision: 'main',
      commit: COMMIT,
      rules: 'r1',
      endpoint: 'https://hub.example',
      tokenSecretArn: 'arn:secret',
      ...PLACE,
      account: PROPERTIES.BucketOwner,
      acceptedFindings: ['eos-ids'],
    };
    expect(calls.find(([what]) => what === 'start')).toEqual([
      'start',
      PROPERTIES.StateMachineArn,
      saying('copy-'),
      { copy },
    ]);
  });

  test('answers with the copy’s attributes', async () => {
    const { isComplete } = world({ whole: () => Promise.resolve(THERE) });
    expect(await isComplete(event('Create', {}, noted))).toEqual({
      IsComplete: true,
      Data: { ...THERE, Execution: saying('copy-') },
    });
  });

  test('logs a line for every step', async () => {
    const { isComplete, lines } = world({ running: rejecting(failed('passing', 'slow down')) });
    const request = event('Create', {}, noted);
    await isComplete(request);
    const whose = { request: request.RequestId, type: 'Create', resource: 'Copy' };
    expect(lines).toEqual([
      { ...whose, next: 'look', at: 'running' },
      { ...whose, next: 'wait', why: saying('slow down') },
    ]);
  });

  test('says "not yet" when looking takes too long', async () => {
    const { isComplete, calls } = world({ millisecondsPerCall: 15_000 });
    expect(await isComplete(event('Create', {}, noted))).toEqual({ IsComplete: false });
    expect(calls).toHaveLength(2);
  });

  test('of a Delete asks for every execution, and for the whole bucket', async () => {
    const moment = () => Promise.resolve({ ...CALM, status: 'DELETE_IN_PROGRESS' });
    const { isComplete, calls } = world({ moment });
    expect(await isComplete(event('Delete', {}, noted))).toEqual({ IsComplete: false });
    expect(calls.slice(-2)).toEqual([
      ['running', PROPERTIES.StateMachineArn, 'copy-'],
      ['removeAllBut', 'weights', PROPERTIES.BucketOwner, undefined],
    ]);
  });

  test('fails in words and within bounds for a bug, whose trace is in the log', async () => {
    const { isComplete, lines } = world({ whole: rejecting(new TypeError('x is not a function')) });
    await expect(isComplete(event('Create', {}, noted))).rejects.toMatchObject({
      message: saying("The copy's handler broke off: x is not a function", 'deploy again'),
      stack: 'see the message',
    });
    expect(lines.at(-1)).toMatchObject({ bug: saying('TypeError', 'handler.test') });
  });

  test('fails with no more than CloudFormation takes', async () => {
    const { isComplete } = world({ whole: rejecting(new CallFailed('invalid', 'GetObject', 'no. '.repeat(3000))) });
    const error = await isComplete(event('Create', {}, noted)).catch((thrown: unknown) => thrown);
    expect(String(error).length).toBeLessThan(3100);
  });
});
