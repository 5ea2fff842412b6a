import fc from 'fast-check';
import { MAX_FILES, type ModelFolder } from '../../weights/model-folder';
import { INDEX, LOCK } from '../../weights/file-names';
import { listingHash, uploadState } from '../../weights/upload-state';
import { memoryFolder } from './memory-folder';

const ALWAYS = { 'config.json': '{}', 'tokenizer.json': '{}', 'tokenizer_config.json': '{}' };
const SHARDS = { 'model-00001-of-00002.safetensors': 100, 'model-00002-of-00002.safetensors': 200 };
const GOOD_INDEX = indexOf({ a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' });
const SHARDED = { ...ALWAYS, ...SHARDS, [INDEX]: GOOD_INDEX };

type Files = Readonly<Record<string, string | number>>;

const stateOf = (files: Files) => uploadState(memoryFolder(files));

function indexOf(weightMap: unknown): string {
  return JSON.stringify({ metadata: {}, weight_map: weightMap });
}

function lockOf(files: unknown): string {
  return JSON.stringify({ files });
}

function without(files: Files, ...gone: readonly string[]): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !gone.includes(name)));
}

describe('an upload', () => {
  test('is empty without any file', async () => {
    expect(await stateOf({})).toEqual({ state: 'empty' });
  });

  test('is whole with an index and every shard that it names', async () => {
    expect(await stateOf(SHARDED)).toEqual({
      state: 'whole',
      files: 6,
      bytes: 306 + GOOD_INDEX.length,
      listing: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
  });

  test('is whole as one file without an index', async () => {
    expect(await stateOf({ ...ALWAYS, 'model.safetensors': 300 })).toMatchObject({
      state: 'whole',
      files: 4,
      bytes: 306,
    });
  });

  test('of more files than any model has is broken as a whole, and one file less is not', async () => {
    const filled = (count: number) => ({
      ...SHARDED,
      ...Object.fromEntries(Array.from({ length: count - Object.keys(SHARDED).length }, (_, n) => [`${n}.txt`, 1])),
    });
    expect(await stateOf(filled(MAX_FILES))).toMatchObject({ state: 'whole', files: MAX_FILES });
    const problem = 'more than 10000 files; is the prefix right?';
    expect(await stateOf(filled(MAX_FILES + 1))).toEqual({ state: 'broken', file: '', problem });
  });

  test('may hold more than it promises', async () => {
    expect(await stateOf({ ...SHARDED, 'README.md': '#', 'original/model.bin': 9 })).toMatchObject({
      state: 'whole',
      files: 8,
    });
  });

  test.each([['config.json'], ['tokenizer.json'], ['tokenizer_config.json'], ['model-00001-of-00002.safetensors']])(
    'is partial without %s',
    async (missing) => {
      expect(await stateOf(without(SHARDED, missing))).toEqual({ state: 'partial', files: 5, missing: [missing] });
    },
  );

  test('is partial without any weights, and says which would do', async () => {
    expect(await stateOf(ALWAYS)).toEqual({
      state: 'partial',
      files: 3,
      missing: ['model.safetensors.index.json (or model.safetensors)'],
    });
  });

  test('names everything that is missing, each once', async () => {
    const weightMap = { one: 'b.safetensors', two: 'a.safetensors', three: 'b.safetensors' };
    expect(await stateOf({ [INDEX]: indexOf(weightMap) })).toEqual({
      state: 'partial',
      files: 1,
      missing: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'a.safetensors', 'b.safetensors'],
    });
  });

  test('goes by the index where there is one, beside one file with all', async () => {
    const files = { ...without(SHARDED, ...Object.keys(SHARDS)), 'model.safetensors': 300 };
    expect(await stateOf(files)).toMatchObject({ state: 'partial', missing: Object.keys(SHARDS) });
  });
});

describe('a lock file', () => {
  const entry = (name: string, size: unknown) => ({ name, size });

  test('is satisfied by files of the sizes that it lists', async () => {
    const lock = lockOf([entry('config.json', 2), entry('model-00001-of-00002.safetensors', 100)]);
    expect(await stateOf({ ...SHARDED, [LOCK]: lock })).toMatchObject({ state: 'whole' });
  });

  test('makes an upload partial until its files are there in their sizes', async () => {
    const lock = lockOf([entry('chat_template.jinja', 5), entry('model-00001-of-00002.safetensors', 101)]);
    expect(await stateOf({ ...SHARDED, [LOCK]: lock })).toMatchObject({
      state: 'partial',
      missing: ['chat_template.jinja', 'model-00001-of-00002.safetensors'],
    });
  });

  test('may list half a million files that are missing', async () => {
    const lock = lockOf(Array.from({ length: 500_000 }, () => ({ name: 'x', size: 1 })));
    const folder = memoryFolder({ ...SHARDED, [LOCK]: 1 });
    const wide: ModelFolder = { ...folder, readText: (name) => Promise.resolve(name === LOCK ? lock : GOOD_INDEX) };
    expect(await uploadState(wide)).toMatchObject({ state: 'partial', missing: ['x'] });
  });

  test.each([
    ['is not JSON', '{', 'it is not JSON: '],
    ['is a list', '[]', 'it is not a JSON object'],
    ['lists nothing', '{}', 'it has no list "files"'],
    ['lists what is no file', lockOf(['config.json']), 'an entry of "files" is not an object'],
    ['lists a file without a name', lockOf([{ size: 1 }]), 'a "name" is not a string'],
    ['lists a hostile name without a size', lockOf([{ name: '\u202e' }]), 'the "size" of "\\u{202e}" is not'],
    ['lists a file without a size', lockOf([{ name: 'ghost' }]), 'the "size" of ghost is not a number'],
    ['has a key twice', '{"files": [], "files": []}', 'it has the key files twice'],
    ['lists a size that is none', lockOf([entry('config.json', '2')]), 'the "size" of config.json is not a number'],
  ])('is broken when it %s', async (_, lock, problem) => {
    expect(await stateOf({ ...SHARDED, [LOCK]: lock })).toEqual({
      state: 'broken',
      file: LOCK,
      problem: expect.stringContaining(problem) as unknown,
    });
  });
});

describe('an index', () => {
  test.each([
    ['is not JSON', 'weights', 'it is not JSON: '],
    ['is empty', '', 'it is not JSON: '],
    ['is cut off', GOOD_INDEX.slice(0, 40), 'it is not JSON: '],
    ['is null', 'null', 'it is not a JSON object'],
    ['is a number', '7', 'it is not a JSON object'],
    ['is a list', '[]', 'it is not a JSON object'],
    ['has no weight_map', '{"metadata": {}}', 'it has no "weight_map"'],
    ['has a list as weight_map', indexOf(['model.safetensors']), 'it has no "weight_map"'],
    ['has a text as weight_map', indexOf('model.safetensors'), 'it has no "weight_map"'],
    ['has null as weight_map', indexOf(null), 'it has no "weight_map"'],
    ['hides its weight_map in __proto__', `{"__proto__": ${GOOD_INDEX}}`, 'it has no "weight_map"'],
    ['names no shard', indexOf({}), 'its "weight_map" is empty'],
    ['names a shard by a number', indexOf({ a: 1 }), 'a value of "weight_map" is not a string'],
    ['names a shard by null', indexOf({ a: null }), 'a value of "weight_map" is not a string'],
    ['names a shard by an object', indexOf({ a: { toString: 'x' } }), 'a value of "weight_map" is not a string'],
  ])('is broken when it %s', async (_, index, problem) => {
    expect(await stateOf({ ...SHARDED, [INDEX]: index })).toEqual({
      state: 'broken',
      file: INDEX,
      problem: expect.stringContaining(problem) as unknown,
    });
  });

  test('counts __proto__ as a tensor like any other', async () => {
    const index = '{"weight_map": {"__proto__": "lost.safetensors"}}';
    expect(await stateOf({ ...SHARDED, [INDEX]: index })).toMatchObject({
      state: 'partial',
      missing: ['lost.safetensors'],
    });
  });

  test.each(['../config.json', '/etc/passwd', 'config.json/../config.json', 'toString'])(
    'finds no shard outside of the folder: %s',
    async (shard) => {
      expect(await stateOf({ ...SHARDED, [INDEX]: indexOf({ a: shard }) })).toMatchObject({
        state: 'partial',
        missing: [shard],
      });
    },
  );

  test.each(['\u001b[31m', '{"a": \u009b}', '{"\u202e": 1, "\u202e": 2}'])(
    'is broken in printable words when it holds %j',
    async (index) => {
      const upload = await stateOf({ ...SHARDED, [INDEX]: index });
      expect(upload).toMatchObject({ state: 'broken', problem: expect.stringMatching(/^\P{C}+$/u) as unknown });
    },
  );

  test('names a shard that is missing in printable words', async () => {
    const state = await stateOf({ ...SHARDED, [INDEX]: indexOf({ a: '\u001b[31m\u202e' }) });
    expect(state).toMatchObject({ state: 'partial', missing: ['"\\u001b[31m\\u{202e}"'] });
  });

  test('is broken and not read when it is larger than any index', async () => {
    expect(await stateOf({ ...SHARDED, [INDEX]: 8 * 1024 * 1024 + 1 })).toEqual({
      state: 'broken',
      file: INDEX,
      problem: 'it has 8388609 bytes; more than 8388608 is not an index',
    });
  });

  test('is read with a bound, for a file that grows meanwhile', async () => {
    const bounds: number[] = [];
    const folder = memoryFolder(SHARDED);
    const readText = (name: string, maxBytes: number) => {
      bounds.push(maxBytes);
      return folder.readText(name, maxBytes);
    };
    await uploadState({ ...folder, readText });
    expect(bounds).toEqual([8 * 1024 * 1024]);
  });

  test('of any content never makes it throw', async () => {
    const weightMap = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.string()),
    );
    const content = fc.oneof(fc.string(), fc.json(), weightMap.map(indexOf));
    await fc.assert(
      fc.asyncProperty(content, fc.option(content), async (index, lock) => {
        const { state } = await stateOf({ ...SHARDED, [INDEX]: index, ...(lock !== null && { [LOCK]: lock }) });
        expect(['partial', 'broken', 'whole']).toContain(state);
      }),
      { numRuns: 500 },
    );
  });
});

test("fails when the folder fails: that is the caller's to understand", async () => {
  const cut = new Error('connection was cut');
  const folder = memoryFolder(SHARDED);
  await expect(uploadState({ ...folder, list: () => Promise.reject(cut) })).rejects.toBe(cut);
  await expect(uploadState({ ...folder, readText: () => Promise.reject(cut) })).rejects.toBe(cut);
});

describe('the fingerprint of a listing', () => {
  const file = fc.record({ name: fc.string(), size: fc.nat(), etag: fc.string() });
  const one = { name: 'a', size: 1, etag: 'e' };

  test('does not depend on the order of the files', () => {
    const shuffled = fc
      .array(file)
      .chain((files) => fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })));
    fc.assert(
      fc.property(shuffled, ([files, others]) => {
        expect(listingHash(others)).toBe(listingHash(files));
      }),
    );
  });

  test.each([
    ['name', { ...one, name: 'b' }],
    ['size', { ...one, size: 2 }],
    ['content', { ...one, etag: 'f' }],
  ])('changes with the %s of a file', (_, other) => {
    expect(listingHash([other])).not.toBe(listingHash([one]));
  });

  test('is the same in every release: it is a tag on models that live longer', () => {
    expect(listingHash([one, { name: 'b', size: 2, etag: '"f"' }])).toBe('96ab7a30d9236e64a6c4c6f6893ebbdd');
  });
});
