import fc from 'fast-check';
import { combineCrcs, compositeCrc, crc32, encodeCrc } from '../../../weights/transfer/crc32';

const of = (bytes: Uint8Array) => ({ crc: crc32(bytes), size: bytes.length });

test('the checksum of parts together is that of their bytes together', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 });
  fc.assert(
    fc.property(parts, (pieces) => {
      expect(combineCrcs(pieces.map(of))).toBe(crc32(Buffer.concat(pieces)));
    }),
  );
});

test('ten thousand parts of a size that no memory holds are combined at once', () => {
  const part = { crc: crc32(Buffer.from('x')), size: 20 * 1024 * 1024 };
  const halves = combineCrcs(Array.from({ length: 5000 }, () => part));
  const all = combineCrcs(Array.from({ length: 10_000 }, () => part));
  expect(
    combineCrcs([
      { crc: halves, size: part.size * 5000 },
      { crc: halves, size: part.size * 5000 },
    ]),
  ).toBe(all);
});

test('a checksum is written as S3 writes it', () => {
  expect(encodeCrc(crc32(Buffer.from('123456789')))).toBe('y/Q5Jg=='); // 0xcbf43926, the check value of CRC-32
  expect(encodeCrc(combineCrcs([]))).toBe('AAAAAA==');
  expect(compositeCrc([of(Buffer.from('1234')), of(Buffer.from('56789'))])).toMatch(/^[A-Za-z0-9+/]{6}==-2$/);
});
