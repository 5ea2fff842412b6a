import type { TransferEvent } from '../../../weights/transfer/events';
import { retrying } from '../../../weights/transfer/retry';
import { type Failure, StoreError } from '../../../weights/transfer/store';

const events: TransferEvent[] = [];
const retry = retrying({ attempts: 4, firstMs: 8, longestMs: 20 }, (event) => events.push(event));
const never = new AbortController().signal;

beforeEach(() => {
  events.length = 0;
});

function failing(times: number, failure: Failure) {
  let calls = 0;
  return {
    calls: () => calls,
    call: () =>
      ++calls <= times ? Promise.reject(new StoreError(failure, 'Code', 'could not')) : Promise.resolve('done'),
  };
}

test.each(['busy', 'cut', 'damaged'] as const)(
  'a call that fails as %s is made again, and each wait is longer',
  async (failure) => {
    const { call, calls } = failing(3, failure);
    expect(await retry(never, call)).toBe('done');
    expect(calls()).toBe(4);
    const waits = events.map((event) => (event.type === 'retried' ? event.waitMs : 0));
    for (const [index, most] of [8, 16, 20].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(most / 2);
      expect(waits[index]).toBeLessThanOrEqual(most);
    }
  },
);

test.each(['expired', 'forbidden', 'missing', 'lost', 'changed', 'refused'] as const)(
  'fails at once when it is %s',
  async (failure) => {
    const { call, calls } = failing(1, failure);
    await expect(retry(never, call)).rejects.toThrow('could not');
    expect(calls()).toBe(1);
  },
);

test('fails in the end, and says how often it was tried', async () => {
  const { call, calls } = failing(99, 'busy');
  await expect(retry(never, call)).rejects.toMatchObject({ failure: 'busy', message: 'could not, 4 times in a row' });
  expect(calls()).toBe(4);
});

test('fails with the reason of the signal while it waits', async () => {
  const stop = new AbortController();
  const patient = retrying({ attempts: 4, firstMs: 60_000, longestMs: 60_000 }, () => {
    stop.abort(new Error('stopped'));
  });
  await expect(patient(stop.signal, failing(99, 'busy').call)).rejects.toThrow('stopped');
});
