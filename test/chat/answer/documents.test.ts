import fc from 'fast-check';
import { documents } from '../../../chat/answer/documents';
import { bytes } from '../fake-runtime';

function read(pieces: readonly Uint8Array[]): object[] {
  const reader = documents();
  const found = pieces.flatMap((piece) => reader.push(piece));
  reader.end();
  return found;
}

describe('the JSON objects in a stream', () => {
  test.each<[string, string, object[]]>([
    ['reads one', '{"a":1}', [{ a: 1 }]],
    ['reads several without anything between', '{"a":1}{"b":"}{"}', [{ a: 1 }, { b: '}{' }]],
    ['reads several lines', '{"a":1}\n{"b":[2]}\n', [{ a: 1 }, { b: [2] }]],
    [
      'reads server-sent events',
      ': hi\n\ndata: {"a":1}\n\nevent: x\ndata: {"b":2}\n\ndata: [DONE]\n\n',
      [{ a: 1 }, { b: 2 }],
    ],
    ['reads a last line without an end', 'data: {"a":1}\n\ndata: [DONE]', [{ a: 1 }]],
    ['reads escapes', '{"a":"\\"}\\\\"}', [{ a: '"}\\' }]],
    ['reads nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(read([bytes(text)])).toEqual(expected);
    expect(read([...bytes(text)].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['an object that is not ended', '{"a":1', 'truncated_stream'],
    ['text between objects', '{"a":1} and {"b":2}', 'broken_answer'],
    ['an end that is no event', '{"a":1}\nInternal error', 'broken_answer'],
    ['brackets without JSON', '{a}', 'broken_answer'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'invalid_utf8'],
    ['half a character at the end', Uint8Array.of(0x0a, 0xf0, 0x9f), 'invalid_utf8'],
  ])('fails on %s', (_, given, code) => {
    const piece = typeof given === 'string' ? bytes(given) : given;
    expect(() => read([piece])).toThrow(
      expect.objectContaining({ error: expect.objectContaining({ code }) as object }) as Error,
    );
  });

  test('gives the same however the bytes are cut', () => {
    const object = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.array(fc.string())),
    );
    const separator = fc.constantFrom('', '\n', '\n\ndata: ', ' ');
    const stream = fc.array(fc.tuple(object, separator), { maxLength: 5 });
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (parts, lengths) => {
        const texts = parts.map(
          ([value, between]) => (between.includes('data') ? '\n' : '') + JSON.stringify(value) + between,
        );
        const whole = bytes(texts.join('').replace(/data: $/, ''));
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < whole.length;) {
          const end = at + (lengths[pieces.length % lengths.length] ?? 1);
          pieces.push(whole.subarray(at, end));
          at = end;
        }
        expect(read(pieces)).toEqual(parts.map(([value]) => JSON.parse(JSON.stringify(value)) as object));
      }),
      { numRuns: 300 },
    );
  });
});
