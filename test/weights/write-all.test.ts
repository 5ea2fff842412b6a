import { writeAll } from '../../weights/write-all';

test('bytes are written to the last one by a file that takes three at a time', async () => {
  const content = Buffer.alloc(12, '.');
  const file = {
    write: (bytes: Uint8Array, offset: number, length: number, position: number) => {
      const taken = Math.min(3, length);
      content.set(bytes.subarray(offset, offset + taken), position);
      return Promise.resolve({ bytesWritten: taken });
    },
  };
  await writeAll(file, Buffer.from('weights'), 4);
  expect(content.toString()).toBe('....weights.');
});

test('fails as the file does', async () => {
  const full = { write: () => Promise.reject(new Error('no space left')) };
  await expect(writeAll(full, Buffer.from('weights'), 0)).rejects.toThrow('no space left');
});
