import fc from 'fast-check';
import {
  InvalidLockError,
  lockOf,
  type LockedFile,
  lockText,
  nameProblem,
  parseLock,
  prefixOfHash,
} from '../../../weights/lock';

const SHA = 'ab'.repeat(32);
const file = (name: string, size = 1): LockedFile => ({ name, size, sha256: SHA, crc32: 'AAAAAA==' });
const LOCK = lockOf([file('model.safetensors', 300), file('config.json', 2)], {
  repository: 'openai/gpt-oss-20b',
  revision: '6cee5e8',
});

describe('a lock', () => {
  test('has one text, one file a line, the same in every release', () => {
    expect(lockText(LOCK)).toBe(
      [
        '{',
        '  "version": 1,',
        `  "hash": "${LOCK.hash}",`,
        '  "source": {"repository":"openai/gpt-oss-20b","revision":"6cee5e8"},',
        '  "files": [',
        `    {"name":"config.json","size":2,"sha256":"${SHA}","crc32":"AAAAAA=="},`,
        `    {"name":"model.safetensors","size":300,"sha256":"${SHA}","crc32":"AAAAAA=="}`,
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
    expect(LOCK.hash).toBe('2dc0081f195c67514e351b686a37da8a7b923029d1899ce6eb47a0bbcf60ee67');
  });

  test('does not depend on the order of the files, and its hash not on where they come from', () => {
    expect(lockOf([...LOCK.files].reverse(), LOCK.source)).toEqual(LOCK);
    expect(lockOf(LOCK.files).hash).toBe(LOCK.hash);
  });

  test.each([
    ['name', [file('b')]],
    ['size', [file('a', 2)]],
    ['SHA-256', [{ ...file('a'), sha256: 'cd'.repeat(32) }]],
    ['number of files', [file('a'), file('b')]],
  ])('has another hash with another %s', (_, files) => {
    expect(lockOf(files).hash).not.toBe(lockOf([file('a')]).hash);
  });

  test('gives a prefix that is one folder', () => {
    expect(prefixOfHash(LOCK.hash)).toBe(`gpt-oss-${LOCK.hash.slice(0, 16)}/`);
  });

  test('is read as it was written', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter((text) => nameProblem(text) === undefined);
    const one = fc.record({ name, size: fc.maxSafeNat(), sha256: fc.constant(SHA), crc32: fc.constant('3q2+7w==') });
    const files = fc.uniqueArray(one, { selector: (entry) => entry.name, minLength: 1 });
    const source = fc.option(fc.record({ repository: fc.string(), revision: fc.string() }), { nil: undefined });
    fc.assert(
      fc.property(files, source, (entries, from) => {
        const lock = lockOf(entries, from);
        expect(parseLock(lockText(lock))).toEqual(lock);
      }),
    );
  });

  test('is refused or right, whatever its text', () => {
    const entry = fc.record({
      name: fc.string(),
      size: fc.jsonValue(),
      sha256: fc.constantFrom(SHA, 'x'),
      crc32: fc.string(),
    });
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(entry).map((files) => JSON.stringify({ version: 1, hash: 'x', files })),
      fc.array(fc.jsonValue()).map((files) => JSON.stringify({ version: 1, hash: 'x', files })),
    );
    fc.assert(
      fc.property(text, (content) => {
        expect(() => parseLock(content)).toThrow(InvalidLockError);
      }),
      { numRuns: 500 },
    );
  });

  const altered = (change: Readonly<Record<string, unknown>>) => JSON.stringify({ ...LOCK, ...change });
  const named = (name: string) => JSON.stringify(lockOf([file(name)]));
  test.each([
    ['is no JSON', '{', 'it is not JSON'],
    ['is half merged', `<<<<<<< HEAD\n${lockText(LOCK)}`, "it has git's marks of a conflict: take one side"],
    ['is a list', '[]', 'it is not a JSON object'],
    ['has a key twice', lockText(LOCK).replace('{', '{"hash": "x",'), 'it has the key hash twice'],
    ['has no version', altered({ version: undefined }), 'its "version" is not 1'],
    ['is of a later version', altered({ version: 2 }), 'its "version" is 2: a later release wrote it'],
    ['lists nothing', altered({ files: [] }), 'it has no list "files"'],
    ['has an object for a list', altered({ files: { length: 1 } }), 'it has no list "files"'],
    ['lists too much', altered({ files: Array(10_001).fill(file('a')) }), 'it lists more than 10000 files'],
    ['lists a file twice', altered({ files: [file('a'), file('a')] }), 'it lists a twice'],
    [
      'was changed by hand',
      altered({ files: [file('config.json', 3), file('model.safetensors', 300)] }),
      'its "hash" is not',
    ],
    ['has no hash', altered({ hash: undefined }), 'its "hash" is not that of its files'],
    ['has a source that is none', altered({ source: 'here' }), '"source" is not an object'],
    [
      'has a size that is none',
      altered({ files: [{ ...file('a'), size: -1 }] }),
      'the "size" of a is not a number of bytes',
    ],
    [
      'has a broken size',
      altered({ files: [{ ...file('a'), size: 1.5 }] }),
      'the "size" of a is not a number of bytes',
    ],
    ['has an endless size', altered({ files: [{ ...file('a'), size: 2 ** 60 }] }), 'the "size" of a is not'],
    ['has a SHA-256 that is none', altered({ files: [{ ...file('a'), sha256: 'x' }] }), 'the "sha256" of a is none'],
    ['has a CRC that is none', altered({ files: [{ ...file('a'), crc32: 'x' }] }), 'the "crc32" of a is none'],
    ['has no name', altered({ files: [{ size: 1 }] }), 'the "name" of a file is not a text'],
    ['hides its files in __proto__', `{"__proto__": ${JSON.stringify(LOCK)}}`, 'its "version" is not 1'],
    ['leads out of the folder', named('../x'), 'the name ../x cannot be used'],
    ['leads to the root', named('/x'), 'the name /x cannot be used'],
    ['has a name with a line end', named('a\nb'), 'the name "a\\nb" cannot be used: it has a control character'],
    ['has a name without an end', named('x'.repeat(5000)), 'it has more than 1024 bytes'],
    ['is too long', ' '.repeat(8 * 1024 * 1024 + 1), 'it has more than 8388608 bytes'],
    ['is too long in bytes', 'é'.repeat(4 * 1024 * 1024 + 1), 'it has more than 8388608 bytes'],
  ])('fails that %s', (_, text, problem) => {
    expect(() => parseLock(text)).toThrow(InvalidLockError);
    expect(() => parseLock(text)).toThrow(problem);
  });
});

test.each([
  '\u001b[31m',
  '{"a": \u009b}',
  `{"\u202e": 1, "\u202e": 2}`,
  JSON.stringify({ version: 1, files: [{ name: '\u202e' }] }),
])('fails in printable words for %j', (text) => {
  expect(() => parseLock(text)).toThrow(/^\P{C}+$/u);
});

test.each(['config.json', 'a/b/c', '模型.json', 'with space', '..a', 'a..', '...'])(
  'the name %j can be used',
  (name) => {
    expect(nameProblem(name)).toBeUndefined();
  },
);

test.each(['', '.', '..', 'a/..', './a', 'a/./b', '/a', 'a/', 'a//b', 'a\\b', 'a\0', 'a\x7f', '\ud800'])(
  'fails with the name %j',
  (name) => {
    expect(nameProblem(name)).toEqual(expect.any(String));
  },
);
