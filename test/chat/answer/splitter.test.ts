import fc from 'fast-check';
import { splitter, type Part } from '../../../chat/answer/splitter';

/** The text's kinds in order, parts of one kind joined, as every way to cut the text must give them. */
function split(pieces: readonly string[]): Part[] {
  const reader = splitter();
  const parts: Part[] = [];
  for (const part of [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]) {
    const last = parts.at(-1);
    if (part.kind === 'call' || last?.kind !== part.kind) parts.push(part);
    else parts[parts.length - 1] = { ...part, text: last.text + part.text };
  }
  return parts;
}

const reasoning = (text: string): Part => ({ kind: 'reasoning', text });
const content = (text: string): Part => ({ kind: 'content', text });
const call = (name: string, text: string): Part[] => [
  { kind: 'call', name },
  { kind: 'arguments', text },
];

const HARMONY =
  '<|channel|>analysis<|message|>Think.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather ' +
  '<|constrain|>json<|message|>{"city":"Oslo"}<|call|><|start|>assistant<|channel|>final<|message|>Cold.<|return|>';

describe('telling reasoning from the answer', () => {
  test.each<[string, string, Part[]]>([
    ['leaves a plain answer as it is', 'Hello', [content('Hello')]],
    ['keeps the white space of a plain answer', '\n  Hello\n', [content('\n  Hello\n')]],
    ['takes the tags of base models off', '<reasoning>Hm.</reasoning>Hello', [reasoning('Hm.'), content('Hello')]],
    [
      'joins tags around every token',
      '<reasoning>Hm</reasoning><reasoning>, yes</reasoning>Hello',
      [reasoning('Hm, yes'), content('Hello')],
    ],
    ['takes a tag that is never closed for reasoning to the end', '<reasoning>Hm', [reasoning('Hm')]],
    ['keeps half a closing tag at the end', '<reasoning>a</reaso', [reasoning('a</reaso')]],
    ['keeps half an opening tag at the end', '<reas', [content('<reas')]],
    [
      'leaves an answer alone that speaks of tags',
      'Write <reasoning>x</reasoning> and <|channel|>analysis<|message|>',
      [content('Write <reasoning>x</reasoning> and <|channel|>analysis<|message|>')],
    ],
    [
      'reads the Harmony format, with a tool’s call',
      HARMONY,
      [reasoning('Think.'), ...call('get_weather', '{"city":"Oslo"}'), content('Cold.')],
    ],
    [
      'shows a preamble of the commentary channel',
      '<|channel|>commentary<|message|>I look.<|end|>',
      [content('I look.')],
    ],
    ['loses nothing of a header without an end', '<|channel|>analysis', [content('<|channel|>analysis')]],
    [
      'loses nothing of what is no header',
      `<|start|>${'x'.repeat(400)}<|message|>y`,
      [content(`<|start|>${'x'.repeat(400)}<|message|>y`)],
    ],
  ])('%s', (_, text, parts) => {
    expect(split([text])).toEqual(parts);
  });

  test('begins a new call for each header', () => {
    const one = '<|channel|>commentary to=functions.f<|message|>{}<|call|>';
    expect(split([one + one])).toEqual([...call('f', '{}'), ...call('f', '{}')]);
  });

  const token = fc.constantFrom(
    ...['<reasoning>', '</reasoning>', '<|channel|>', '<|start|>', '<|message|>', '<|end|>', '<|return|>', '<|call|>'],
    ...[
      'analysis',
      'final',
      'commentary to=functions.f ',
      '<|constrain|>json',
      'assistant',
      '<',
      '</',
      '<|',
      ' ',
      '\n',
      'ab',
      'é😀',
    ],
    'x'.repeat(150),
    ' '.repeat(600),
  );
  const text = fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(''));
  const cutText = text.chain((whole) =>
    fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }).map((cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      return { whole, pieces: at.slice(1).map((end, index) => whole.slice(at[index], end)) };
    }),
  );

  test('gives the same however the text is cut', () => {
    fc.assert(
      fc.property(cutText, ({ whole, pieces }) => {
        const expected = JSON.stringify(split([whole]));
        expect(JSON.stringify(split(pieces))).toBe(expected);
        expect(JSON.stringify(split(whole.split('')))).toBe(expected);
      }),
      { numRuns: 1_500 },
    );
  });

  test('loses no text but markers, headers and the white space before them', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const told = split([whole])
          .map((part) => (part.kind === 'call' ? '' : part.text))
          .join('');
        // every character that is told stands in the text, in order
        const inOrder = told.split('').reduce((at, character) => whole.indexOf(character, at) + 1 || Infinity, 0);
        expect(inOrder).toBeLessThanOrEqual(whole.length);
      }),
    );
  });

  test('gives each part as soon as it can be no marker', () => {
    const reader = splitter();
    expect(reader.push('<rea')).toEqual([]);
    expect(reader.push('soning>One <')).toEqual([reasoning('One ')]);
    expect(reader.push('b> two')).toEqual([reasoning('<b> two')]);
    expect(reader.push('</reasoning>Hel')).toEqual([content('Hel')]);
    expect(reader.push('lo <')).toEqual([content('lo <')]);
  });
});
