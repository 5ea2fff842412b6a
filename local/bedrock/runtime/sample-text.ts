/** What JSON Schema asks of a text. Lengths are in characters. */
export interface TextRules {
  readonly min: number;
  readonly max: number;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  duration: 'P1D',
  email: 'emulator@example.com',
  hostname: 'example.com',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** Of most patterns in use, one of these fits or, repeated, becomes long enough to. */
const SAMPLES = [
  'emulated',
  'a',
  'A',
  '0',
  '1',
  'a1',
  'A1',
  'a-1',
  '2026-01-01',
  '00:00',
  '1.0.0',
  '#000000',
  '+10000000000',
];

/** A text by the rules, or undefined if none of the samples fits. */
export function textFor({ min, max, format, pattern }: TextRules): string | undefined {
  const sample = BY_FORMAT[format ?? ''];
  const candidates = sample === undefined ? SAMPLES : [sample];
  const fits = regularExpression(pattern);
  return candidates
    .flatMap((text) => [text, ...stretched(text, min, max)])
    .find((text) => {
      const { length } = text; // the samples are ASCII
      return length >= min && length <= max && fits.test(text);
    });
}

/** The text again and again, as long as the shortest, and cut to the longest that is admitted. */
function stretched(text: string, min: number, max: number): string[] {
  const lengths = [min, max, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32].filter((length) => length <= 10_000);
  return lengths.map((length) => text.repeat(Math.ceil(length / text.length)).slice(0, length));
}

function regularExpression(pattern = ''): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
