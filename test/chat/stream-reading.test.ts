import { openLine } from '../../chat/call/line';
import { peeked } from '../../chat/call/stream-reading';
import { virtualClock } from './virtual-clock';

async function* endless() {
  for (let count = 0; ; count++) yield await Promise.resolve(count);
}

test('fails when a stream has more frames than an answer can have tokens', async () => {
  const limits = { timeout: 1_000, idleTimeout: 1_000, frames: 5 };
  const opening = Promise.resolve({ requestId: 'req-1', frames: endless() });
  const { items } = await peeked(opening, limits, openLine(undefined, virtualClock()));
  const read: number[] = [];

  const reading = (async () => {
    for await (const item of items) read.push(item);
  })();

  await expect(reading).rejects.toMatchObject({ error: { code: 'endless_stream' } });
  expect(read).toEqual([0, 1, 2, 3, 4]);
});
