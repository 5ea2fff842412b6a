import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { encodeFrame, exceptionFrame } from '../../../../local/bedrock/runtime/event-stream';

/** The reader that AWS's own clients use, checksums and all. */
const codec = new EventStreamCodec(
  (input) => (typeof input === 'string' ? input : Buffer.from(input).toString('utf8')),
  (input) => new TextEncoder().encode(input),
);

const name = fc.stringMatching(/^[:a-z][a-z-]{0,30}$/);

test('AWS’s codec reads any frame as it was written', () => {
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string({ maxLength: 300 })),
      fc.uint8Array({ maxLength: 5000 }),
      (headers, body) => {
        const read = codec.decode(encodeFrame({ headers, body }));
        expect(Object.fromEntries(Object.entries(read.headers).map(([key, { value }]) => [key, value]))).toEqual(
          headers,
        );
        expect(Buffer.from(read.body)).toEqual(Buffer.from(body));
      },
    ),
    { numRuns: 100 },
  );
});

test('an exception is a message of its own type', () => {
  const { headers, body } = codec.decode(exceptionFrame('throttlingException', { message: 'slow down' }));

  expect(headers[':message-type']?.value).toBe('exception');
  expect(headers[':exception-type']?.value).toBe('throttlingException');
  expect(JSON.parse(Buffer.from(body).toString())).toEqual({ message: 'slow down' });
});
