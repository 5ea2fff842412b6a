import { check } from '../../../weights/check/check';
import type { ModelFolder } from '../../../weights/model-folder';
import { diff } from '../../../weights/repair/diff';
import { renameTensors } from '../../../weights/repair/header-names';
import { planRepair } from '../../../weights/repair/plan';
import { repaired } from '../../../weights/repair/repaired';
import { parseHeader } from '../../../weights/safetensors';
import { bytesFolder, type Files } from '../bytes-folder';
import { INDEX, SHARDS, shardOf, tinyModel, tinyTensors } from '../tiny-model';
import { CASES, edited, GOOD, without } from '../wrong-folders';

const all = Object.entries(CASES).flatMap(([code, cases]) => cases.map((found, n) => ({ ...found, code, n: n + 1 })));
const MB = 1024 * 1024;

const afterRepair = async (folder: ModelFolder) => repaired(folder, await planRepair(folder));
const text = async (files: Files, name: string) => (await afterRepair(bytesFolder(files))).readText(name, MB);
const codes = async (folder: ModelFolder) => (await check(folder)).map(({ code }) => code);

test.each(all)(
  'after a repair of $code, case $n, nothing repairable is left, and a second one changes nothing',
  async (wrong) => {
    const folder = bytesFolder(wrong.folder, wrong.address);
    const before = await check(folder);
    const mended = await afterRepair(folder);
    const after = await check(mended);
    expect(after.filter(({ repairable }) => repairable)).toEqual([]);
    expect(await planRepair(mended)).toEqual([]);
    const planned = (await planRepair(folder)).length > 0;
    expect(planned).toBe(before.some(({ repairable }) => repairable));
    const known = new Set(before.map(({ code }) => code));
    const errors = after.filter(({ severity }) => severity === 'error');
    expect(errors.filter(({ code }) => !known.has(code))).toEqual([]);
  },
);

test('a good folder needs no repair', async () => {
  expect(await planRepair(bytesFolder(GOOD))).toEqual([]);
});

test('an index whose download is not finished stays as it is: the tensors that are there are not all', async () => {
  const unfinished = bytesFolder(without(GOOD, SHARDS[1]));
  expect(await codes(unfinished)).toContain('index-shard-missing');
  expect(await planRepair(unfinished)).toEqual([]);
});

test('total_parameters goes, and every other character of the index stays', async () => {
  const oneLine = JSON.stringify(JSON.parse(String(GOOD[INDEX])));
  const wrong = oneLine.replace('"metadata":{', '"metadata":{"total_parameters": 7,');
  expect(await text({ ...GOOD, [INDEX]: wrong }, INDEX)).toBe(oneLine);
});

test('an index with more foreign keys than edits are worth is cleaned all the same', async () => {
  const extra = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`extra_${n}`, n]));
  const index = JSON.parse(String(GOOD[INDEX])) as { metadata: object; weight_map: object };
  const wrong = JSON.stringify({ ...extra, ...index, metadata: { ...extra, ...index.metadata } });
  expect(JSON.parse(await text({ ...GOOD, [INDEX]: wrong }, INDEX))).toEqual(index);
});

describe('the layout of JSON', () => {
  const meta = (lines: string) => `{\n  "metadata": ${lines},\n  "weight_map": `;
  const rest = String(GOOD[INDEX]).replace(/^[^]*?"weight_map": /, '');
  const size = /"total_size": \d+/.exec(String(GOOD[INDEX]))?.[0] ?? '';
  const many = Array.from({ length: 20 }, (_, n) => `    "extra_${n}": ${n},\n`).join('');

  test.each([
    ['the first', `{\n    "total_parameters": 7,\n    ${size}\n  }`],
    ['the last', `{\n    ${size},\n    "total_parameters": 7\n  }`],
    ['the first on its line', `{ "total_parameters": 7,\n    ${size}\n  }`],
    ['many', `{\n${many}    ${size}\n  }`],
  ])('stays as transformers writes it when keys go that are %s', async (_, metadata) => {
    const wanted = metadata.startsWith('{ ') ? meta(`{ ${size}\n  }`) : meta(`{\n    ${size}\n  }`);
    expect(await text({ ...GOOD, [INDEX]: meta(metadata) + rest }, INDEX)).toBe(wanted + rest);
  });

  test('has no empty lines where all keys go', async () => {
    const only = meta('{\n    "total_parameters": 7\n  }') + rest;
    expect(await text({ ...GOOD, [INDEX]: only }, INDEX)).toBe(meta('{}') + rest);
  });

  test('gets a line of its own for a text that is added', async () => {
    const wrong = {
      ...without(GOOD, 'chat_template.jinja'),
      'chat_template.jinja': 'a',
      'chat_template.json': '{"chat_template": "a"}',
    };
    const config = await text(wrong, 'tokenizer_config.json');
    expect(config).toMatch(/",\n {2}"chat_template": "a"\n\}\n?$/);
  });
});

test('a folder without weights gets no file of a model: an adapter is none', async () => {
  const adapter = { 'adapter_config.json': '{}', 'adapter_model.safetensors': shardOf([]), 'tokenizer.json': '{}' };
  expect(await planRepair(bytesFolder(adapter))).toEqual([]);
  expect(await codes(bytesFolder(adapter))).not.toContain('eos-ids');
  const texts = without(GOOD, 'generation_config.json', INDEX, ...SHARDS);
  expect(await planRepair(bytesFolder(texts))).toEqual([]);
});

test('config.json keeps its numbers as they are written when a stale quantization_config goes', async () => {
  const config = await text({ ...GOOD, 'config.json': String(tinyModel('mxfp4')['config.json']) }, 'config.json');
  expect(config).toContain('"swiglu_limit": 7.0,');
  expect(config).toContain('"rms_norm_eps": 1e-05,');
  expect(config).not.toContain('quantization_config');
});

test('tokenizer_config.json keeps a number that JavaScript cannot hold', async () => {
  const wrong = edited(
    edited(GOOD, 'tokenizer_config.json', 'PreTrainedTokenizerFast', 'TokenizersBackend'),
    'tokenizer_config.json',
    '131072',
    '1000000000000000019884624838656',
  );
  const mended = await text(wrong, 'tokenizer_config.json');
  expect(mended).toBe(String(wrong['tokenizer_config.json']).replace('TokenizersBackend', 'PreTrainedTokenizerFast'));
});

test('end tokens are set among other settings, which stay', async () => {
  const wrong = edited(GOOD, 'generation_config.json', /\[[^\]]*\]/, '200002');
  const mended: unknown = JSON.parse(await text(wrong, 'generation_config.json'));
  expect(mended).toEqual({
    ...(JSON.parse(String(GOOD['generation_config.json'])) as object),
    eos_token_id: [200002, 199999, 200012],
  });
});

test('the chat template that wins is kept in tokenizer_config.json alone', async () => {
  const wrong = edited(GOOD, 'tokenizer_config.json', '{', '{"chat_template": "{{ old }}",');
  const mended = await afterRepair(bytesFolder(wrong));
  const config = JSON.parse(await mended.readText('tokenizer_config.json', MB)) as Record<string, unknown>;
  expect(config['chat_template']).toBe(GOOD['chat_template.jinja']);
  expect((await mended.list()).map(({ name }) => name)).not.toContain('chat_template.jinja');
});

test('templates by name in tokenizer_config.json are not replaced by one', async () => {
  const named = '{"chat_template": [{"name": "default", "template": "a"}],';
  const wrong = edited(GOOD, 'tokenizer_config.json', '{', named);
  expect(await planRepair(bytesFolder(wrong))).toEqual([]);
  expect(await codes(bytesFolder(wrong))).toContain('chat-template-twice');
});

describe('BF16 experts under the names of MXFP4', () => {
  const misnamed = tinyModel(
    'bf16',
    tinyTensors('bf16').map((found) => ({ ...found, name: found.name.replace(/(experts\.\w+_proj)$/, '$1_blocks') })),
  );

  test('get the names of BF16 in headers and index, and their data stays byte for byte', async () => {
    const folder = bytesFolder(misnamed);
    const mended = await afterRepair(folder);
    expect(await codes(mended)).toEqual(['unusual-size', 'chat-template-separate']);
    const index = JSON.parse(await mended.readText(INDEX, MB)) as { weight_map: object };
    expect(index.weight_map).toEqual((JSON.parse(String(GOOD[INDEX])) as { weight_map: object }).weight_map);
    for (const shard of SHARDS) {
      const old = Buffer.from(misnamed[shard] ?? '');
      const data = 8 + Number(old.readBigUInt64LE());
      const whole = await mended.readBytes(shard, 0, old.length + 100);
      expect(whole.length).toBe(old.length);
      expect(Buffer.from(whole).subarray(data).equals(old.subarray(data))).toBe(true);
    }
  });

  test('are read in any pieces as in one', async () => {
    const mended = await afterRepair(bytesFolder(misnamed));
    const [shard] = SHARDS;
    const whole = Buffer.from(await mended.readBytes(shard, 0, 10 * MB));
    for (const piece of [1000, 1777, 9999]) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < whole.length + piece; at += piece) pieces.push(await mended.readBytes(shard, at, piece));
      expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    }
  });
});

test('longer names move the data and change no byte of it', async () => {
  const tensors = tinyTensors('mxfp4').map((found) => ({ ...found, name: found.name.replace(/_blocks$/, '') }));
  const files = { ...tinyModel('mxfp4'), ...tinyModel('mxfp4', tensors) };
  const mended = await afterRepair(bytesFolder(files));
  expect(await codes(mended)).toEqual(['mxfp4-unconfirmed', 'unusual-size', 'chat-template-separate']);
  const sizes = new Map((await mended.list()).map(({ name, size }) => [name, size]));
  for (const shard of SHARDS) {
    const old = Buffer.from(files[shard] ?? '');
    const now = Buffer.from(await mended.readBytes(shard, 0, 10 * MB));
    expect(now.length).toBe(sizes.get(shard));
    const data = (file: Buffer) => file.subarray(8 + Number(file.readBigUInt64LE()));
    expect(data(now).equals(data(old))).toBe(true);
  }
});

test.each([
  ['shorter', 'a', 0],
  ['longer', 'x'.repeat(100), 96],
])('a header with a %s name starts the data at a multiple of eight', (_, name, more) => {
  const file = shardOf([{ name: 'model.embed', dtype: 'BF16', shape: [4] }]);
  const header = parseHeader(file.subarray(8, file.length - 8), file.length);
  if ('problem' in header) throw new Error(header.problem);
  const repair = renameTensors('model.safetensors', header, new Map([['model.embed', name]]));
  expect(repair?.replaced).toBe(header.dataStart);
  expect(repair?.start.length).toBe(header.dataStart + more);
  expect((repair?.start.length ?? 1) % 8).toBe(0);
});

describe('a diff', () => {
  const planned = async (files: Files) => (await planRepair(bytesFolder(files))).map(diff).join('');

  test('shows the changed lines with some around them', async () => {
    const wrong = edited(GOOD, 'tokenizer_config.json', 'PreTrainedTokenizerFast', 'TokenizersBackend');
    expect(await planned(wrong)).toBe(
      [
        '--- tokenizer_config.json',
        '+++ tokenizer_config.json (name the tokenizer as AWS does)',
        '@@ -8 +8 @@',
        '   ],',
        '   "model_max_length": 131072,',
        '   "pad_token": "<|endoftext|>",',
        '-  "tokenizer_class": "TokenizersBackend"',
        '+  "tokenizer_class": "PreTrainedTokenizerFast"',
        ' }',
        '',
      ].join('\n'),
    );
  });

  test('shows a new file whole, and a file that is left out by its name', async () => {
    const wrong = { ...without(GOOD, 'generation_config.json'), 'model.safetensors': shardOf(tinyTensors('bf16')) };
    const shown = await planned(wrong);
    expect(shown).toContain('--- /dev/null\n+++ generation_config.json');
    expect(shown).toContain('+  "do_sample": true,');
    expect(shown).toContain('--- model.safetensors\n+++ /dev/null (left out: left over from another save)');
  });

  test('cuts long lines and lets no control character through', async () => {
    const wrong = edited(GOOD, 'generation_config.json', /\[[^\]]*\]/, '"\u009b31m\u202e\u200f\t\ud800"');
    const long = { ...wrong, [INDEX]: JSON.stringify({ ...(JSON.parse(String(GOOD[INDEX])) as object), x: 1 }) };
    const shown = await planned(long);
    expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/\p{C}/u);
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThan(200);
  });
});
