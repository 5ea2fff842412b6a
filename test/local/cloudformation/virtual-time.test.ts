import { VirtualTime } from '../../../local/cloudformation/virtual-time';

test('passes a thousand hours in less than a second', async () => {
  const time = new VirtualTime(0);
  const began = performance.now();
  let hours = 0;
  const clock = async () => {
    for (; hours < 1000; hours++) await time.sleep(3_600_000);
  };
  void clock();
  await time.run(Infinity);
  expect(hours).toBe(1000);
  expect(time.now()).toBe(1000 * 3_600_000);
  expect(performance.now() - began).toBeLessThan(1000);
});

test('wakes the earliest first, and equal times in the order in which they fell asleep', async () => {
  const time = new VirtualTime(0);
  const woken: string[] = [];
  const sleeper = async (name: string, milliseconds: number) => {
    await time.sleep(milliseconds);
    woken.push(name);
  };
  void sleeper('late', 30);
  void sleeper('first', 10);
  void sleeper('second', 10);
  void sleeper('third', 10);
  void sleeper('at once', 0);
  await time.run(Infinity);
  expect(woken).toEqual(['at once', 'first', 'second', 'third', 'late']);
});

test('lets whoever woke finish before time goes on', async () => {
  const time = new VirtualTime(0);
  const seen: number[] = [];
  const busy = async () => {
    await time.sleep(10);
    for (let step = 0; step < 50; step++) await Promise.resolve();
    seen.push(time.now());
  };
  void busy();
  void time.sleep(11);
  await time.run(Infinity);
  expect(seen).toEqual([10]);
});

test('stops at its limit, and goes on from there', async () => {
  const time = new VirtualTime(0);
  let isAwake = false;
  void time.sleep(100).then(() => (isAwake = true));
  expect(await time.run(60)).toBe(false);
  expect([time.now(), isAwake]).toEqual([60, false]);
  expect(await time.run(200)).toBe(true);
  expect([time.now(), isAwake]).toEqual([100, true]);
});

test('stops as soon as it is done', async () => {
  const time = new VirtualTime(0);
  let isDone = false;
  void time.sleep(5).then(() => (isDone = true));
  void time.sleep(500);
  expect(await time.run(Infinity, () => isDone)).toBe(true);
  expect(time.now()).toBe(5);
});

test('never goes back', async () => {
  const time = new VirtualTime(1000);
  void time.sleep(-50);
  await time.run(Infinity);
  expect(time.now()).toBe(1000);
});
