import { CODES } from '../../../weights/codes';
import { fuzz } from './fuzz';

test('300 hostile folders are answered by findings, within bounds', async () => {
  const report = await fuzz({ folders: 300, seed: 20_261_121 });
  expect(report.failure).toBeUndefined();
  expect(report.folders).toBe(300);
  // the folders reach most of what a check can say, so that they try more than its first lines
  expect(report.codes.size).toBeGreaterThan(Object.keys(CODES).length / 2);
  expect(report.repaired).toBeGreaterThan(20);
}, 120_000);
