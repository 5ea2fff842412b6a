import { playFaults } from './fault-fuzz';

jest.setTimeout(120_000);

const STORIES = 30;

test(`every upload to a server that misbehaves ends whole and right, or fails with its reason and looks like no model`, async () => {
  const faults = new Map<string, number>();
  let failed = 0;
  for (let seed = 1; seed <= STORIES; seed++) {
    const outcome = await playFaults(seed);
    failed += outcome.failures.length;
    for (const [fault, count] of outcome.faults) faults.set(fault, (faults.get(fault) ?? 0) + count);
  }
  expect([...faults.keys()].sort()).toEqual(
    [
      'AccessDenied',
      'ExpiredToken',
      'InternalError',
      'NoSuchUpload',
      'RequestTimeout',
      'ServiceUnavailable',
      'SlowDown',
      'cut-answer',
      'cut-request',
      'damage-request',
      'damage-store',
      'error-in-success',
      'hang',
      'lose-part',
      'slow',
    ].sort(),
  );
  expect(failed).toBeGreaterThan(5);
});
