import { Account, HOUR, MINUTE, other, thing } from './testbed';

const INVENTED = /^Delete A One-A-[0-9A-Z]{13}$/;

test('creates each resource after what it depends on, and the others side by side', async () => {
  const account = new Account();
  const { status } = await account.deploy({
    Last: thing({ From: { 'Fn::GetAtt': ['Middle', 'Name'] } }),
    Middle: thing({ From: { Ref: 'First' }, Minutes: 10 }),
    Beside: thing({ Minutes: 10 }, { DependsOn: 'First' }),
    First: thing({ Minutes: 10 }),
  });
  expect(status).toBe('CREATE_COMPLETE');
  const begun = account.cloudFormation.requests.map(({ request, at }) => [
    request.LogicalResourceId,
    Math.floor(at / MINUTE),
  ]);
  expect(begun).toEqual([
    ['First', 0],
    ['Middle', 10],
    ['Beside', 10],
    ['Last', 20],
  ]);
  expect(account.last('Create').ResourceProperties['From']).toBe('name of Middle-1');
});

test('sends the fields of a Create, every property a string', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ ServiceTimeout: 3600, On: true, Tags: [{ Key: 'k', Value: 1 }] }) });
  const { RequestId, ResponseURL, ...request } = account.last('Create');
  expect(ResponseURL).toContain(RequestId);
  expect(request).toEqual({
    RequestType: 'Create',
    StackId: account.stack().id,
    ResourceType: 'Custom::Thing',
    LogicalResourceId: 'A',
    ResourceProperties: {
      ServiceToken: 'provider',
      ServiceTimeout: '3600',
      On: 'true',
      Tags: [{ Key: 'k', Value: '1' }],
    },
  });
});

test('deletes what failed to be created, and all else, each before what it depends on', async () => {
  const account = new Account();
  const { status, reasons } = await account.deploy({ A: thing(), B: thing({ Fails: 'Create' }, { DependsOn: 'A' }) });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reasons).toEqual([expect.stringContaining('B: Create failed')]);
  expect(account.sent()).toEqual(['Create A', 'Create B', 'Delete B B-1', 'Delete A A-1']);
});

test('sends a Delete with the marker of the framework when onEvent threw, and the framework swallows it', async () => {
  const account = new Account();
  const { status } = await account.deploy({ A: thing({ Throws: 'Create' }) });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(account.sent()).toEqual(['Create A', 'Delete A AWSCDK::CustomResourceProviderFramework::CREATE_FAILED']);
  expect(account.events).toEqual(['Create A']);
});

test('stops listening to what is in progress when another resource fails, and deletes it under an invented id', async () => {
  const account = new Account();
  const { status, reasons } = await account.deploy({
    A: thing({ Minutes: 30 }),
    B: other({ Seconds: 60, FailsOn: 'Create' }),
    Never: thing({}, { DependsOn: ['A', 'B'] }),
  });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reasons).toEqual(['B: Create of another resource failed']);
  expect(account.sent()).toEqual(['Create A', expect.stringMatching(INVENTED)]);
  expect(account.cloudFormation.requests[0]).toMatchObject({ outcome: { kind: 'cancelled' }, until: MINUTE });
});

test('waits an hour for an answer and no longer, then deletes under an invented id', async () => {
  const account = new Account({ handlers: { isComplete: () => ({ IsComplete: false }) }, faults: neverAnswered });
  const { status, reasons } = await account.deploy({ A: thing() });
  expect(reasons[0]).toBe('A: CloudFormation did not receive a response from your Custom Resource');
  expect(account.sent()).toEqual(['Create A', expect.stringMatching(INVENTED)]);
  expect(account.cloudFormation.requests.map(({ at, until = 0 }) => until - at)).toEqual([HOUR, HOUR]);
  expect(status).toBe('ROLLBACK_FAILED');
});

test.each([120, '120'])('waits only as long as a ServiceTimeout of %j says', async (ServiceTimeout) => {
  const account = new Account({ faults: neverAnswered });
  await account.deploy({ A: thing({ ServiceTimeout, Minutes: 55 }) });
  expect(account.cloudFormation.requests[0]).toMatchObject({ outcome: { kind: 'no-answer' }, until: 120_000 });
});

test.each([0, 3601, 1.5, 'soon'])(
  'fails on a ServiceTimeout of %j, before anything is sent',
  async (ServiceTimeout) => {
    const account = new Account();
    const { status, reasons } = await account.deploy({ A: thing({ ServiceTimeout }) });
    expect([status, account.sent()]).toEqual(['ROLLBACK_COMPLETE', []]);
    expect(reasons[0]).toContain('ServiceTimeout must be an integer from 1 to 3600');
  },
);

test('fails the stack when a resource reads an attribute that another did not answer', async () => {
  const account = new Account();
  const { status, reasons } = await account.deploy({
    A: thing(),
    B: thing({ From: { 'Fn::GetAtt': ['A', 'Missing'] } }),
  });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reasons).toEqual([
    "B: CustomResource attribute error: Vendor response doesn't contain Missing attribute of A",
  ]);
  expect(account.sent()).toEqual(['Create A', 'Delete A A-1']);
});

test('fails the stack when an output reads such an attribute', async () => {
  const account = new Account();
  const outputs = { Out: { Value: { 'Fn::GetAtt': ['A', 'Missing'] } } };
  expect(await account.deploy({ A: thing() }, outputs)).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
});

test('fails on a reference to nothing', async () => {
  const { reasons } = await new Account().deploy({ A: thing({ From: { Ref: 'Nowhere' } }) });
  expect(reasons).toEqual(['A: Unresolved resource dependencies [Nowhere] in the template']);
});

test('deletes a stack whose creation was rolled back before it is made anew, as the CLI does', async () => {
  const account = new Account();
  await account.deploy({ A: thing({ Fails: 'Create' }) });
  const former = account.stack().id;
  expect(await account.deploy({ A: thing() })).toEqual({ status: 'CREATE_COMPLETE', reasons: [] });
  expect(account.stack().id).not.toBe(former);
  expect(account.cloudFormation.byId(former)?.status).toBe('DELETE_COMPLETE');
});

test('does not make anew what cannot be deleted', async () => {
  const account = new Account({ handlers: { isComplete: () => Promise.reject(new Error('never works')) } });
  expect(await account.deploy({ A: thing() })).toMatchObject({ status: 'ROLLBACK_FAILED' });
  expect(await account.deploy({ A: thing() })).toMatchObject({ status: 'DELETE_FAILED' });
  expect(account.sent()).toEqual(['Create A', 'Delete A A-1', 'Delete A A-1']);
});

/** Nothing but errors of Lambda's own, so that the waiter's onTimeout finds no event to answer to. */
const neverAnswered = { poll: () => 'service-error' as const };
