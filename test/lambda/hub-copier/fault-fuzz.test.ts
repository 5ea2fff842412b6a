import { models, playStory } from './fault-fuzz';

jest.setTimeout(180_000);

const RUNS = 30;

test('every copy among faults of Hub, S3 and Lambda ends whole and verified, or failed with nothing visible', async () => {
  const from = await models();
  const endings: string[] = [];
  const faults = new Map<string, number>();
  for (let seed = 1; endings.length < RUNS; seed++) {
    const story = await playStory(seed, from);
    endings.push(...story.endings);
    for (const [fault, times] of story.faults) faults.set(fault, (faults.get(fault) ?? 0) + times);
  }
  const ended = (how: string) => endings.filter((ending) => ending === how).length;
  expect(ended('done')).toBeGreaterThan(10);
  expect(ended('failed')).toBeGreaterThan(3);
  const who = new Set([...faults.keys()].map((fault) => fault.split(':')[0]));
  expect([...who].sort()).toEqual(['Hub', 'Lambda', 'S3']);
  expect(faults.size).toBeGreaterThan(15);
});
