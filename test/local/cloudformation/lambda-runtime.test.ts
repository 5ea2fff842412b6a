import { invoke, type Invocation, type InvocationResult } from '../../../local/cloudformation/lambda-runtime';
import { VirtualTime } from '../../../local/cloudformation/virtual-time';

/** Runs a function of at most ten seconds, whose calls take one second each, until nothing happens any more. */
async function run(
  code: (invocation: Invocation) => Promise<unknown>,
): Promise<{ result: InvocationResult; at: number }> {
  const time = new VirtualTime(0);
  const ends: { result: InvocationResult; at: number }[] = [];
  void invoke(time, { timeoutSeconds: 10, callMilliseconds: 1000 }, code).then((result) =>
    ends.push({ result, at: time.now() }),
  );
  await time.run(Infinity);
  const [end] = ends;
  if (!end) throw new Error('the invocation never ended');
  return end;
}

test('hands values over as JSON, and nothing as null', async () => {
  const date = new Date(0);
  expect((await run(() => Promise.resolve({ date, none: undefined }))).result).toEqual({
    value: { date: '1970-01-01T00:00:00.000Z' },
  });
  expect((await run(() => Promise.resolve())).result).toEqual({ value: null });
});

test('hands an error over with its message and stack', async () => {
  const { result } = await run(() => Promise.reject(new Error('no such thing')));
  expect(result).toMatchObject({
    error: { errorMessage: 'no such thing', trace: expect.arrayContaining(['Error: no such thing']) as unknown },
  });
});

test('passes on what a call throws', async () => {
  const { result, at } = await run((invocation) => invocation.call(() => Promise.reject(new Error('throttled'))));
  expect(result).toMatchObject({ error: { errorMessage: 'throttled' } });
  expect(at).toBe(1000);
});

test('fails when it takes longer than it may, and what it did not begin by then never happens', async () => {
  const effects: number[] = [];
  const { result, at } = await run(async (invocation) => {
    for (let call = 1; call <= 20; call++) await invocation.call(() => Promise.resolve(effects.push(call)));
  });
  expect(result).toMatchObject({ error: { errorMessage: 'Task timed out after 10.00 seconds' } });
  expect(at).toBe(10_000);
  expect(effects).toHaveLength(10);
});

test.each([
  ['before', []],
  ['after', ['written']],
] as const)('fails when it dies %s a call, and goes no further', async (death, expected) => {
  const effects: string[] = [];
  const { result, at } = await run(async (invocation) => {
    await invocation.call(() => Promise.resolve(effects.push('written')), death);
    effects.push('went on');
  });
  expect(result).toMatchObject({ error: { errorMessage: 'Error: Runtime exited without providing a reason' } });
  expect(at).toBe(500);
  expect(effects).toEqual(expected);
});
