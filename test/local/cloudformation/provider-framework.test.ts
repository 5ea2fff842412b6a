import { Account, HOUR, MINUTE, other, thing } from './testbed';

const polls = (account: Account) => account.polls.map((at) => at / 1000);

test('polls at once, then every interval until it is complete', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Minutes: 1 }) });
  expect(polls(account)).toEqual([0, 15, 30, 45, 60]);
  expect(account.events).toEqual(['Create A']);
});

test('hands on to isComplete what onEvent answered, and its data to CloudFormation', async () => {
  const seen: unknown[] = [];
  const account = new Account({
    handlers: {
      onEvent: () => ({ PhysicalResourceId: 'id', Data: { One: '1' }, Deadline: 5 }),
      isComplete: (event) => {
        seen.push(event);
        return { IsComplete: true, Data: { Two: '2' } };
      },
    },
  });
  await account.deploy({ A: thing() });
  expect(seen).toMatchObject([{ RequestType: 'Create', PhysicalResourceId: 'id', Deadline: 5 }]);
  expect(account.stack().resources.get('A')?.attributes).toEqual({ One: '1', Two: '2' });
});

test('delivers a request late, though CloudFormation has given it up', async () => {
  const account = new Account({
    faults: { deliveries: ({ RequestType }) => [RequestType === 'Create' ? 30 * MINUTE : 0] },
  });
  await account.deploy({ A: thing(), B: other({ Seconds: 60, FailsOn: 'Create' }) });
  expect(account.events).toEqual([expect.stringMatching(/^Delete A/)]);
  await account.pass(HOUR);
  expect(account.events).toEqual([expect.stringMatching(/^Delete A/), 'Create A']);
  expect(account.stack().status).toBe('ROLLBACK_COMPLETE');
});

test('delivers a request twice: two onEvents and two waiters, and the first answer counts', async () => {
  const account = new Account({ faults: { deliveries: () => [0, 5000] } });
  await account.deploy({ A: thing({ Minutes: 1 }) });
  await account.pass(HOUR);
  expect(account.events).toEqual(['Create A', 'Create A']);
  expect(polls(account)).toEqual([0, 5, 15, 20, 30, 35, 45, 50, 60, 65, 75]);
  expect(account.sent()).toEqual(['Create A']);
  expect(account.stack().status).toBe('CREATE_COMPLETE');
});

test('polls on for a request that was cancelled', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Minutes: 10 }), B: other({ Seconds: 60, FailsOn: 'Create' }) });
  await account.pass(HOUR);
  expect(polls(account).filter((at) => at > 90).length).toBeGreaterThan(30);
  expect(account.stack().status).toBe('ROLLBACK_COMPLETE');
});

test('polls on for a request that was not answered in time', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ ServiceTimeout: 60, Minutes: 10 }) });
  expect(account.cloudFormation.requests[0]).toMatchObject({ outcome: { kind: 'no-answer' }, until: MINUTE });
  await account.pass(HOUR);
  expect(Math.max(...polls(account))).toBeGreaterThanOrEqual(10 * 60);
});

test.each([
  ['fails-before', []],
  ['fails-after', [0, 15, 30, 45, 60]],
] as const)('answers FAILED with its marker when StartExecution %s it took effect', async (how, expected) => {
  const account = new Account({ faults: { startExecution: () => how } });
  const { status, reasons } = await account.deploy({ A: thing({ Minutes: 1 }) });
  await account.pass(HOUR);
  expect([status, reasons]).toEqual(['ROLLBACK_COMPLETE', [expect.stringContaining('A: Error: StartExecution')]]);
  expect(account.sent()).toEqual(['Create A', 'Delete A AWSCDK::CustomResourceProviderFramework::CREATE_FAILED']);
  expect(account.events).toEqual(['Create A']);
  expect(polls(account)).toEqual(expected);
});

test('answers an Update with the old id when onEvent throws', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Version: 1 }) });
  await account.deploy({ A: thing({ Version: 2, Throws: 'Update' }) });
  expect(account.cloudFormation.requests[1]?.outcome).toMatchObject({ kind: 'failed', physicalId: 'A-1' });
});

test('answers "Operation timed out" when the polls are used up', async () => {
  const account = new Account({ handlers: { isComplete: () => ({ IsComplete: false }) } });
  await account.deploy({ A: thing() });
  expect(account.cloudFormation.requests[0]).toMatchObject({
    until: 55 * MINUTE,
    outcome: { kind: 'failed', reason: 'Operation timed out', physicalId: 'A-1' },
  });
});

test('polls again after an error of the Lambda service', async () => {
  let errors = 3;
  const account = new Account({ faults: { poll: () => (errors-- > 0 ? 'service-error' : 'works') } });
  expect(await account.deploy({ A: thing() })).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(polls(account)).toEqual([45]);
});

test('never answers when the last poll ended in an error of the Lambda service', async () => {
  const account = new Account({ faults: { poll: () => 'service-error' } });
  await account.deploy({ A: thing() });
  expect(account.cloudFormation.requests[0]).toMatchObject({ until: HOUR, outcome: { kind: 'no-answer' } });
});

test('never answers a time-out when the event is longer than an error may be', async () => {
  const account = new Account({ handlers: { isComplete: () => ({ IsComplete: false }) } });
  await account.deploy({ A: thing({ Long: 'x'.repeat(33_000) }) });
  expect(account.cloudFormation.requests[0]).toMatchObject({ until: HOUR, outcome: { kind: 'no-answer' } });
});

test.each(['onEvent', 'isComplete'] as const)('fails at once when the function times out in %s', async (where) => {
  const account = new Account({ handlers: { [where]: () => new Promise(() => undefined) } });
  const { reasons } = await account.deploy({ A: thing() });
  expect(reasons).toContainEqual(expect.stringContaining('A: Task timed out after 60.00 seconds'));
  expect(account.cloudFormation.requests[0]?.until).toBe(MINUTE);
});

test.each(['before', 'after'] as const)('fails at once when the function dies %s a call', async (death) => {
  const effects: string[] = [];
  const account = new Account({
    handlers: {
      isComplete: async ({ RequestType }, invocation) => {
        const effect = () => Promise.resolve(effects.push(RequestType));
        await invocation.call(effect, RequestType === 'Create' ? death : undefined);
        return { IsComplete: true };
      },
    },
  });
  const { status, reasons } = await account.deploy({ A: thing() });
  expect([status, reasons]).toEqual(['ROLLBACK_COMPLETE', [expect.stringContaining('Runtime exited')]]);
  expect(account.sent()).toEqual(['Create A', 'Delete A A-1']);
  expect(effects).toEqual(death === 'before' ? ['Delete'] : ['Create', 'Delete']);
});
