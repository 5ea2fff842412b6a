import { HubError } from '../../../weights/hub/hub-error';
import { hubRetry, patience } from '../../../weights/hub/retry';
import type { TransferEvent } from '../../../weights/transfer/events';

const HASTE = { firstMs: 1, longestMs: 4 };
const { signal } = new AbortController();

/** Fails so many times, then gives its count. */
function failing(times: number, error: () => Error) {
  let count = 0;
  return () => (count++ < times ? Promise.reject(error()) : Promise.resolve(count));
}

test.each(['rate-limited', 'busy', 'cut'] as const)('a call that failed as %s is made again', async (kind) => {
  const events: TransferEvent[] = [];
  const retry = hubRetry(HASTE, (event) => events.push(event));
  expect(
    await retry(
      signal,
      failing(2, () => new HubError(kind, 'not now')),
    ),
  ).toBe(3);
  expect(events.map((event) => event.type === 'retried' && event.attempt)).toEqual([1, 2]);
});

test.each([
  'missing-repository',
  'missing-revision',
  'missing-file',
  'gated',
  'denied',
  'changed',
  'damaged',
  'refused',
] as const)('fails at once as %s', async (kind) => {
  const call = failing(1, () => new HubError(kind, 'never'));
  await expect(hubRetry(HASTE)(signal, call)).rejects.toMatchObject({ kind });
});

test('fails at once with an error that is none of the Hub', async () => {
  await expect(
    hubRetry(HASTE)(
      signal,
      failing(1, () => new TypeError('x')),
    ),
  ).rejects.toThrow(TypeError);
});

test('fails after its attempts, with their number', async () => {
  const call = failing(9, () => new HubError('busy', 'not now'));
  await expect(hubRetry({ ...HASTE, attempts: 3 })(signal, call)).rejects.toMatchObject({
    kind: 'busy',
    message: 'not now (3 times in a row)',
  });
});

test('waits as long as the Hub asks to', async () => {
  const waits: number[] = [];
  const retry = hubRetry(HASTE, (event) => event.type === 'retried' && waits.push(event.waitMs));
  const begun = Date.now();
  await retry(
    signal,
    failing(1, () => new HubError('rate-limited', 'too many', { waitSeconds: 1 })),
  );
  expect(Date.now() - begun).toBeGreaterThanOrEqual(990);
  expect(waits).toEqual([expect.closeTo(1001, -1)]);
});

test('fails at once when the Hub asks for more than its window of five minutes', async () => {
  const call = failing(1, () => new HubError('rate-limited', 'tomorrow', { waitSeconds: 86_400 }));
  await expect(hubRetry(HASTE)(signal, call)).rejects.toMatchObject({ message: 'tomorrow', waitSeconds: 86_400 });
});

test('fails with the reason of its signal while it waits', async () => {
  const stop = new AbortController();
  setTimeout(() => {
    stop.abort(new Error('enough'));
  }, 20);
  const call = failing(1, () => new HubError('rate-limited', 'too many', { waitSeconds: 60 }));
  await expect(hubRetry(HASTE)(stop.signal, call)).rejects.toThrow('enough');
});

test('what made progress may fail as often again', async () => {
  const patient = patience({ ...HASTE, attempts: 2 });
  for (let round = 0; round < 5; round++) {
    await patient.after(new HubError('cut', 'cut'), signal);
    patient.renew();
  }
  await patient.after(new HubError('cut', 'cut'), signal);
  await expect(patient.after(new HubError('cut', 'cut'), signal)).rejects.toThrow('cut (2 times in a row)');
});
