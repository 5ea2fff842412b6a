import fc from 'fast-check';
import { CASES, GOOD } from '../wrong-folders';
import { INDEX, SHARDS, shardOf, tinyModel, tinySingle, tinyTensors, withHeader } from '../tiny-model';
import { readingTrouble, type HostileFile } from './hostile-folder';

/** Names as no writer of models makes them, and as attackers do. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...SHARDS, INDEX, 'model.safetensors', 'config.json', 'tokenizer.json') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'generation_config.json',
      'tokenizer_config.json',
      'chat_template.jinja',
      'chat_template.json',
      'adapter_config.json',
      'pytorch_model.bin',
      'metal/model.bin',
      'original/model.safetensors',
      'model-00001-of-00003.safetensors',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      '../config.json',
      '/etc/passwd',
      '..',
      '',
      '/',
      'a\0b.safetensors',
      'a\nb.safetensors',
      '\u202eevil.safetensors',
      `${'x'.repeat(5000)}.safetensors`,
      `model-${'1'.repeat(5000)}-of-${'2'.repeat(5000)}.safetensors`,
      `${'-1'.repeat(2500)}-of-.safetensors`,
      '__proto__.safetensors',
      'sub/config.json',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 40, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }).map((text) => `${text}.safetensors`) },
);

const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"b":'), fc.integer({ min: 65, max: 20_000 }))
  .map(([open, depth]) => open.repeat(depth));

/** JSON that is not what it should be: random, deep, with keys twice, or an object with a hostile prototype. */
const json = fc.oneof(
  fc.json({ maxDepth: 4 }),
  deep,
  deep.map((text) => `{"weight_map": ${text}`),
  fc.nat(20_000).map((depth) => `{"metadata": {}, "a": ${'['.repeat(depth)}${']'.repeat(depth)}}`),
  fc.tuple(fc.string(), fc.json(), fc.json()).map(([key, a, b]) => {
    const quoted = JSON.stringify(key);
    return `{${quoted}: ${a}, ${quoted}: ${b}}`;
  }),
  fc.json().map((value) => `{"__proto__": ${value}, "constructor": {"prototype": ${value}}}`),
  fc.constantFrom('', '{', 'null', '[]', '"', '\ufeff{}', '{}\0', 'version https://git-lfs.github.com/spec/v1'),
);

/** A value where config.json has a number, a text or a list. */
const odd = fc.oneof(
  fc.constantFrom('1e308', '-1', '0', '0.5', '9007199254740993', '1e999', 'null', 'true', '"2"', '{}', '[]', '[[]]'),
  fc.json({ maxDepth: 1 }),
);

/** A text of a model with one value replaced, so that what is read next is reached. */
const config = fc
  .tuple(fc.constantFrom('config.json', 'generation_config.json', 'tokenizer_config.json', INDEX), fc.nat(), odd)
  .map(([file, at, value]) => ({ file, text: replaceValue(String(GOOD[file]), at, value) }));

function replaceValue(text: string, at: number, value: string): string {
  const values = [...text.matchAll(/(?<=": )(?:"[^"\n]*"|[\d.e-]+|true|false|\[[^\]]*\]|\{)/g)];
  const chosen = values[at % values.length];
  if (!chosen) return text;
  return text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length);
}

/** An index of so many entries; written without building its object. */
const manyEntries = fc
  .integer({ min: 1000, max: 20_000 })
  .map(
    (count) => `{"metadata": {}, "weight_map": {${Array.from({ length: count }, (_, n) => `"t${n}":"f${n}"`).join()}}}`,
  );

const whole = fc.oneof(fc.nat(200), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 53, 2 ** 62, 1e300, null, '1', [], {}));

/** A header whose entries are nearly right. */
const entry = fc.record(
  {
    dtype: fc.oneof(fc.constantFrom('BF16', 'U8', 'F32', 'F4', 'toString', '__proto__'), fc.string({ maxLength: 5 })),
    shape: fc.oneof(fc.array(whole, { maxLength: 5 }), whole),
    data_offsets: fc.oneof(fc.tuple(whole, whole), fc.array(whole, { maxLength: 3 }), whole),
  },
  { requiredKeys: [] },
);

const tensorName = fc.oneof(
  fc.constantFrom(
    '__proto__',
    '__metadata__',
    'a',
    'a\0',
    'x'.repeat(5000),
    ...tinyTensors('mxfp4').map((t) => t.name),
  ),
  fc.string(),
);

const header = fc.oneof(
  fc.dictionary(tensorName, fc.oneof(entry, fc.jsonValue()), { maxKeys: 8 }).map((value) => JSON.stringify(value)),
  json,
);

const length = fc.constantFrom(0n, 1n, 7n, 100n, 2n ** 20n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n);

const shard = fc.oneof(
  fc.tuple(header, fc.uint8Array({ maxLength: 200 })).map(([text, data]) => withHeader(text, data)),
  fc.tuple(header, length).map(([text, claimed]) => withHeader(text, new Uint8Array(100), claimed)),
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.constantFrom('bf16', 'mxfp4'), fc.nat(), fc.integer({ min: -40, max: 40 }))
    .map(([format, at, by]) => moved(shardOf(tinyTensors(format === 'bf16' ? 'bf16' : 'mxfp4').slice(0, 6)), at, by)),
);

/** One byte of the header changed, and the file cut or lengthened. */
function moved(file: Buffer, at: number, by: number): Uint8Array {
  const changed = Buffer.concat([file, Buffer.alloc(40)]).subarray(0, file.length + by);
  const place = at % Math.min(400, changed.length);
  changed[place] = (changed[place] ?? 0) ^ (1 << (at % 8));
  return changed;
}

const content = fc.oneof(
  { weight: 8, arbitrary: json.map((text) => Buffer.from(text)) },
  { weight: 8, arbitrary: shard },
  { weight: 1, arbitrary: manyEntries.map((text) => Buffer.from(text)) },
);

const file = fc
  .record({ name, content, trouble: fc.option(readingTrouble, { freq: 3 }) })
  .map(({ trouble, ...rest }): HostileFile => ({ ...rest, ...trouble }));

const strange = fc.array(file, { maxLength: 6 });

/** Whole models, right and wrong: what is broken besides is found only where the rest is there. */
const MODELS = [
  tinyModel(),
  tinyModel('mxfp4'),
  tinySingle(),
  ...Object.values(CASES).flatMap((cases) => cases.map(({ folder }) => folder)),
]
  .map((files) =>
    Object.entries(files).flatMap(([name, text]) =>
      'problem' in Object(text) ? [] : [{ name, content: bytes(text) }],
    ),
  )
  .filter((files) => files.length < 100);

function bytes(content: unknown): Uint8Array {
  return content instanceof Uint8Array ? content : Buffer.from(String(content));
}

/** A model in which some files are replaced, some added, and some cannot be read as they should. */
const spoilt = fc
  .record({
    model: fc.constantFrom(...MODELS),
    replaced: fc.oneof(fc.constant([]), strange),
    edited: fc.option(config),
    trouble: fc.array(fc.tuple(fc.nat(), readingTrouble), { maxLength: 2 }),
  })
  .map(({ model, replaced, edited, trouble }): HostileFile[] => {
    const files = new Map<string, HostileFile>(model.map((found) => [found.name, found]));
    for (const found of replaced) files.set(found.name, found);
    if (edited) files.set(edited.file, { name: edited.file, content: Buffer.from(edited.text) });
    const all = [...files.values()];
    for (const [at, how] of trouble) {
      const chosen = all[at % all.length];
      if (chosen) all[at % all.length] = { ...chosen, ...how };
    }
    return all;
  });

/** Folders that no check may trip over. */
export const hostileFiles: fc.Arbitrary<HostileFile[]> = fc.oneof(
  { weight: 1, arbitrary: strange },
  { weight: 3, arbitrary: spoilt },
);

export const address = fc.constantFrom('/models/it', 's3://weights/v1/', 's3://weights/a b//', 's3://');
