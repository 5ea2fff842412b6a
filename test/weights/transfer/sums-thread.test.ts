import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { sumsThread } from '../../../weights/transfer/sums-thread';

const shared = (bytes: Uint8Array): Buffer => {
  const buffer = Buffer.from(new SharedArrayBuffer(bytes.length));
  buffer.set(bytes);
  return buffer;
};

test('files whose pieces come in turn each get their own checksums', async () => {
  const thread = sumsThread();
  try {
    const files = [0, 1, 2].map(() => ({
      sums: thread.sumsOf(),
      pieces: [5, 70_000, 1].map((size) => randomBytes(size)),
    }));
    for (const index of [0, 1, 2]) {
      const added = await Promise.all(files.map(({ sums, pieces }) => sums.add(shared(pieces[index] ?? Buffer.of()))));
      expect(added).toEqual(files.map(({ pieces }) => crc32(pieces[index] ?? '')));
    }
    const found = await Promise.all(files.map(({ sums }) => sums.sha256()));
    expect(found).toEqual(files.map(({ pieces }) => createHash('sha256').update(Buffer.concat(pieces)).digest('hex')));
  } finally {
    await thread.close();
  }
});

test('an empty file has the checksum of no bytes', async () => {
  const thread = sumsThread();
  expect(await thread.sumsOf().sha256()).toBe(createHash('sha256').digest('hex'));
  await thread.close();
});

test('fails, and does not wait for ever, when the thread ends before its answer', async () => {
  const thread = sumsThread();
  const asked = thread.sumsOf().add(shared(Buffer.alloc(64 * 1024 * 1024)));
  const [answer] = await Promise.allSettled([asked, thread.close()]);
  expect(answer).toMatchObject({ reason: { message: 'the thread that computes checksums has ended' } });
});

test('fails at once when the thread has ended before it is asked', async () => {
  const thread = sumsThread();
  await thread.sumsOf().sha256();
  await thread.close();
  await expect(thread.sumsOf().sha256()).rejects.toThrow('the thread that computes checksums has ended');
});

test('a thread that nobody asked is closed at once', async () => {
  await expect(sumsThread().close()).resolves.toBeUndefined();
});
