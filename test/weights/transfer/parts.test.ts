import fc from 'fast-check';
import { inFlight, partSize, partsOf, requirePartBytes } from '../../../weights/transfer/parts';
import { session } from '../../../weights/transfer/session';

const MIB = 1024 * 1024;

test('parts follow each other from the first byte to the last', () => {
  fc.assert(
    fc.property(fc.nat(300_000), fc.integer({ min: 100, max: 5000 }), (size, least) => {
      const parts = partsOf(size, least);
      let position = 0;
      for (const [index, part] of parts.entries()) {
        expect(part).toMatchObject({ number: index + 1, position });
        expect(part.size).toBeGreaterThan(0);
        position += part.size;
      }
      expect(position).toBe(size);
    }),
  );
});

test.each([1, 8 * MIB, 13.8e9, 41.8e9, 83_886_080_000, 83_886_080_001, 100e9, 200e9, 5e12])(
  'a file of %d bytes fits into the 10,000 parts that S3 allows, each of 5 MiB or more',
  (size) => {
    expect(Math.ceil(size / partSize(size))).toBeLessThanOrEqual(10_000);
    expect(partSize(size)).toBeGreaterThanOrEqual(8 * MIB);
  },
);

test('parts of the usual size are four in flight, and those of the largest text model fit into 200 MB', () => {
  expect(inFlight(partSize(13.8e9))).toBe(4);
  expect(inFlight(partSize(200e9)) * partSize(200e9)).toBeLessThan(120e6);
});

test.each([0, -1, 1.5, NaN, Infinity, 5 * 1024 * MIB + 1])('parts of %d bytes are refused', (bytes) => {
  expect(() => {
    requirePartBytes(bytes);
  }).toThrow(RangeError);
  expect(() => session({ partBytes: bytes }, [1])).toThrow(`'partBytes' must be a whole number from 1 to 5368709120`);
});
