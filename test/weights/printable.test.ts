import { few, printable, printableValue, sizeText } from '../../weights/printable';

test.each([
  ['model-00001-of-00002.safetensors', 'model-00001-of-00002.safetensors'],
  ['<|call|>', '<|call|>'],
  ['my model', '"my model"'],
  ['a\nb', '"a\\nb"'],
  ['\u202e\u009b', '"\\u{202e}\\u{9b}"'],
  ['', '""'],
])('the name %j is told as %s', (name, told) => {
  expect(printable(name)).toBe(told);
});

test('a long name is cut once, and its own length is told', () => {
  expect(printable('x'.repeat(500))).toBe(`${'x'.repeat(120)}… (500 characters)`);
  expect(printable(' '.repeat(500))).toBe(`"${' '.repeat(120)}"… (500 characters)`);
  expect(printable(' '.repeat(120))).toBe(`"${' '.repeat(120)}"`);
});

test('a long value is cut once', () => {
  expect(printableValue('x'.repeat(500))).toBe(`"${'x'.repeat(119)}… (502 characters)`);
  expect(printableValue(undefined)).toBe('null');
});

test('what is cut in the middle of a character is printable all the same', () => {
  expect(printable(`${'x'.repeat(119)}\u{1f600}${'x'.repeat(9)}`)).toMatch(/^\P{C}+$/u);
});

test('of many names the first are told, and how many there are more', () => {
  expect(few(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  expect(few(['a b'])).toBe('"a b"');
});

test('sizes are told in the unit that fits them', () => {
  expect([0, 280, 16_700, 27_900_000, 13_761_264_768].map(sizeText)).toEqual([
    '0 B',
    '280 B',
    '16.7 kB',
    '27.9 MB',
    '13.76 GB',
  ]);
});
