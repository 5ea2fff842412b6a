import type { Code } from '../../weights/codes';
import type { Finding } from '../../weights/finding';
import { MAX_FILES, Unreadable } from '../../weights/model-folder';
import type { Files } from './bytes-folder';
import {
  INDEX,
  SHARDS,
  shardOf,
  tinyModel,
  tinySingle,
  tinyTensors,
  tinyTexts,
  withHeader,
  type TinyTensor,
} from './tiny-model';

const [FIRST, SECOND] = SHARDS;
export const GOOD = tinyModel();
const EXPERTS = 'model.layers.0.mlp.experts';

/** The text of a file after a change that must change something. */
export function edited(files: Files, name: string, from: string | RegExp, to: string): Files {
  const before = String(files[name]);
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${name} does not hold ${String(from)}`);
  return { ...files, [name]: after };
}

export const without = (files: Files, ...names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
const below = (prefix: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${prefix}${name}`, content]));
const index = (change: (index: { metadata: unknown; weight_map: Record<string, string> }) => object): Files => {
  const { metadata, weight_map } = JSON.parse(String(GOOD[INDEX])) as {
    metadata: unknown;
    weight_map: Record<string, string>;
  };
  return { ...GOOD, [INDEX]: JSON.stringify(change({ metadata, weight_map })) };
};
const bf16 = (change: (tensor: TinyTensor) => TinyTensor) => tinyModel('bf16', tinyTensors('bf16').map(change));
const mxfp4 = (change: (tensor: TinyTensor) => TinyTensor) => tinyModel('mxfp4', tinyTensors('mxfp4').map(change));
const shard = (content: Uint8Array): Files => ({ ...GOOD, [FIRST]: content });

export interface Case {
  readonly folder: Files;
  readonly address?: string;
  readonly severity?: Finding['severity'];
  readonly file?: string;
  readonly says: string | RegExp;
  readonly repairable?: boolean;
}

/** For each code a folder that has it. What is not said: an error of the folder itself that repair does not mend. */
export const CASES: Readonly<Record<Code, readonly Case[]>> = {
  'empty-folder': [{ folder: {}, says: 'no files' }],
  'too-many-files': [
    {
      folder: Object.fromEntries(Array.from({ length: MAX_FILES + 1 }, (_, n) => [`file-${n}`, ''])),
      says: 'more than 10000 files',
    },
  ],
  'unreadable-file': [
    {
      folder: { ...GOOD, 'config.json': new Unreadable('config.json', 'may not be read by this user') },
      file: 'config.json',
      says: 'may not be read by this user',
    },
    { folder: { ...GOOD, [FIRST]: new Unreadable(FIRST, 'is a folder') }, file: FIRST, says: 'is a folder' },
  ],
  'file-missing': ['config.json', 'tokenizer.json', 'tokenizer_config.json'].map((file) => ({
    folder: without(GOOD, file),
    file,
    says: 'is not there',
  })),
  'no-safetensors': [
    { folder: below('v3/', GOOD), says: 'a model lies below it, in v3/' },
    { folder: { ...below('v3/', GOOD), ...below('v4/', GOOD) }, says: 'models lie below it, in v3/, v4/' },
    { folder: without(GOOD, FIRST, SECOND, INDEX), says: 'no .safetensors file' },
    { folder: { ...tinyTexts('bf16'), 'pytorch_model.bin': 'x' }, says: 'pytorch_model.bin is in a format' },
    { folder: { ...tinyTexts('bf16'), 'a.gguf': 'x', 'b.pt': 'x' }, says: 'a.gguf, b.pt are in a format' },
  ],
  'adapter-unmerged': [
    {
      folder: { 'adapter_config.json': '{}', 'adapter_model.safetensors': 'x', 'tokenizer.json': '{}' },
      file: 'adapter_config.json',
      says: 'LoRA adapter',
    },
    {
      folder: tinyModel('bf16', [
        ...tinyTensors('bf16'),
        { name: 'base_model.model.model.layers.0.lora_A.default.weight', dtype: 'F32', shape: [8, 64] },
      ]),
      says: 'not merged (base_model.model.model.layers.0.lora_A',
    },
  ],
  'adapter-beside-model': [
    {
      folder: { ...GOOD, 'adapter_config.json': '{}' },
      severity: 'warning',
      file: 'adapter_config.json',
      says: 'beside a whole model',
    },
  ],
  'leftover-weights': [
    {
      folder: { ...GOOD, 'model.safetensors': shardOf(tinyTensors('bf16')) },
      file: 'model.safetensors',
      severity: 'warning',
      says: 'left over from another save into this folder; an upload leaves it out',
      repairable: true,
    },
    {
      folder: { ...tinySingle(), [INDEX]: String(GOOD[INDEX]) },
      file: INDEX,
      severity: 'warning',
      says: 'left over from another save into this folder; an upload leaves it out',
      repairable: true,
    },
    {
      folder: {
        ...GOOD,
        'model-00000-of-00002.safetensors': shardOf([]),
        'model-00001-of-00003.safetensors': shardOf([]),
      },
      file: 'model-00001-of-00003.safetensors',
      severity: 'warning',
      says: 'left over from another save into this folder; an upload leaves it out',
      repairable: true,
    },
    {
      folder: { ...GOOD, 'model.safetensors': shardOf(tinyTensors('bf16')) },
      address: 's3://weights/v1/',
      file: 'model.safetensors',
      says: /left over from another save into this folder$/,
      repairable: true,
    },
  ],
  'two-models': [
    {
      folder: without({ ...GOOD, 'model.safetensors': shardOf(tinyTensors('bf16')) }, INDEX),
      says: 'shards of more than one model',
    },
  ],
  'left-out': [
    {
      folder: { ...GOOD, 'metal/model.bin': 'four', '.gitattributes': '' },
      severity: 'note',
      file: 'metal/model.bin',
      says: "is left out (4 B): the weights in Apple's format",
    },
    {
      folder: { ...GOOD, 'original/config.json': '', 'original/model.safetensors': '' },
      severity: 'note',
      says: 'original/config.json, original/model.safetensors are left out',
    },
  ],
  'subfolders-in-s3': [
    {
      folder: { ...GOOD, 'metal/model.bin': 'four' },
      address: 's3://weights/v1/',
      severity: 'warning',
      file: 'metal/model.bin',
      says: 'is left out',
    },
  ],
  'git-lfs-pointer': [
    {
      folder: shard(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0')),
      file: FIRST,
      says: 'Git LFS',
    },
    {
      folder: { ...GOOD, 'tokenizer.json': 'version https://git-lfs.github.com/spec/v1\n' },
      file: 'tokenizer.json',
      says: 'Git LFS',
    },
    {
      folder: { ...GOOD, 'config.json': 'version https://git-lfs.github.com/spec/v1\n' },
      file: 'config.json',
      says: 'Git LFS',
    },
  ],
  'file-cut-off': [
    { folder: shard(Buffer.alloc(0)), file: FIRST, says: 'is empty' },
    { folder: shard(Buffer.alloc(5)), file: FIRST, says: 'ends after 5 bytes' },
    { folder: shard(withHeader('{"a"', undefined, 1000n)), file: FIRST, says: '996 bytes of that are missing' },
    {
      folder: shard(Buffer.from(GOOD[FIRST] ?? '').subarray(0, -7)),
      file: FIRST,
      says: '7 bytes of its tensors are missing',
    },
    { folder: { ...GOOD, 'tokenizer.json': `{"a": "${'x'.repeat(99_999)}` }, file: 'tokenizer.json', says: 'cut off' },
  ],
  'file-too-large': [
    {
      folder: { ...GOOD, 'config.json': `{${' '.repeat(2 * 1024 * 1024)}}` },
      file: 'config.json',
      says: 'has 2.1 MB; more than 1.0 MB is no config.json',
    },
  ],
  'json-invalid': [
    { folder: { ...GOOD, 'config.json': '{"a": 1,}' }, file: 'config.json', says: 'is not JSON' },
    { folder: { ...GOOD, 'config.json': '[]' }, file: 'config.json', says: 'is not a JSON object' },
    { folder: { ...GOOD, 'tokenizer.json': '[]' }, file: 'tokenizer.json', says: 'is not a JSON object' },
    {
      folder: { ...GOOD, 'tokenizer_config.json': `{"a": ${'['.repeat(9000)}${']'.repeat(9000)}}` },
      file: 'tokenizer_config.json',
      says: 'nests deeper than 64',
    },
    { folder: { ...GOOD, [INDEX]: '{' }, file: INDEX, says: 'is not JSON', repairable: true },
    { folder: { ...GOOD, [INDEX]: '{', [FIRST]: '' }, file: INDEX, says: 'is not JSON', repairable: false },
    {
      folder: { ...GOOD, 'generation_config.json': 'null' },
      file: 'generation_config.json',
      says: 'is not a JSON object',
      repairable: true,
    },
  ],
  'json-duplicate-key': [
    {
      folder: edited(GOOD, 'config.json', '{', '{"num_hidden_layers": 7,'),
      file: 'config.json',
      says: 'has the key num_hidden_layers twice',
    },
    {
      folder: { ...GOOD, [INDEX]: '{"metadata": {}, "weight_map": {"a": "b", "\\u0061": "c"}}' },
      file: INDEX,
      says: 'has the key a twice',
      repairable: true,
    },
  ],
  'header-invalid': [
    { folder: shard(withHeader('{"a": }')), file: FIRST, says: 'has a header that is not JSON' },
    { folder: shard(withBytes('{"a": "\xff"}')), file: FIRST, says: 'has a header that is not UTF-8' },
    { folder: shard(withHeader('\ufeff{}')), file: FIRST, says: 'has a header that is not JSON' },
    { folder: shard(withHeader(' {}')), file: FIRST, says: 'does not begin with {' },
    { folder: shard(withHeader('{"__metadata__": {"a": 1}}')), file: FIRST, says: '__metadata__' },
    { folder: shard(withHeader(entries({ a: 1 }))), file: FIRST, says: 'not an object' },
    { folder: shard(withHeader(entries({ a: tensor({ dtype: 'toString' }) }))), file: FIRST, says: 'with a type' },
    {
      folder: shard(withHeader(entries({ a: tensor({ shape: [-1] }) }))),
      file: FIRST,
      says: 'no list of whole numbers',
    },
    { folder: shard(withHeader(entries({ a: tensor({ data_offsets: [0] }) }))), file: FIRST, says: 'no pair' },
    { folder: shard(withHeader(entries({ a: tensor({ data_offsets: [0, 9] }) }))), file: FIRST, says: 'need 2' },
    {
      folder: shard(withHeader(entries({ a: tensor({ shape: [2 ** 52, 2 ** 52] }) }))),
      file: FIRST,
      says: /with a shape of \S+ bytes/,
    },
    {
      folder: shard(withHeader(entries({ a: tensor(), b: tensor({ data_offsets: [4, 6] }) }), Buffer.alloc(6))),
      file: FIRST,
      says: 'leave a hole at byte 2',
    },
    {
      folder: shard(withHeader(entries({ a: tensor(), b: tensor({ data_offsets: [1, 3] }) }), Buffer.alloc(3))),
      file: FIRST,
      says: 'overlap at byte 2',
    },
    {
      folder: shard(
        withHeader(`{"a": ${JSON.stringify(tensor())}, "a": ${JSON.stringify(tensor())}}`, Buffer.alloc(2)),
      ),
      file: FIRST,
      says: 'has the key a twice',
    },
  ],
  'header-too-large': [
    { folder: shard(withHeader('{}', undefined, 2n ** 63n)), file: FIRST, says: '9223372036854775808 bytes' },
    {
      folder: {
        ...tinyTexts('bf16'),
        ...Object.fromEntries(
          Array.from({ length: 1100 }, (_, n) => [`model-${n}-of-9999.safetensors`, withHeader('{}'.padEnd(32_760))]),
        ),
      },
      file: /^model-\d+-of-9999/.source,
      says: 'together',
    },
  ],
  'file-too-long': [
    {
      folder: shard(Buffer.concat([Buffer.from(GOOD[FIRST] ?? ''), Buffer.alloc(3)])),
      file: FIRST,
      says: 'goes on for 3 bytes behind its last tensor',
    },
  ],
  'tensor-twice': [
    {
      folder: { ...GOOD, [SECOND]: shardOf(tinyTensors('bf16')) },
      says: 'more than one shard holds these tensors: model.embed_tokens.weight',
    },
  ],
  'index-missing': [
    { folder: without(GOOD, INDEX), file: INDEX, says: 'the model has 2 shards', repairable: true },
    { folder: { ...without(GOOD, INDEX), [SECOND]: '' }, file: INDEX, says: 'the model has 2 shards' },
    { folder: without(GOOD, INDEX, SECOND), file: INDEX, says: 'is not there, and the model has 1 of 2 shards' },
    {
      folder: { ...tinyTexts('bf16'), 'model-00000-of-00002.safetensors': shardOf([]) },
      file: INDEX,
      says: 'is not there, and the model has 1 of 3 shards',
    },
  ],
  'single-file-without-index': [
    { folder: tinySingle(), severity: 'warning', file: 'model.safetensors', says: 'without an index' },
  ],
  'index-metadata-missing': [
    {
      folder: index(({ weight_map }) => ({ weight_map })),
      file: INDEX,
      says: 'has no "metadata"',
      repairable: true,
    },
    {
      folder: index(({ weight_map }) => ({ metadata: null, weight_map })),
      file: INDEX,
      says: 'has no "metadata"',
      repairable: true,
    },
  ],
  'index-extra-metadata': [
    {
      folder: index(({ weight_map }) => ({ metadata: { total_parameters: 1, __proto__x: 2 }, weight_map })),
      file: INDEX,
      says: 'does not support: total_parameters, __proto__x',
      repairable: true,
    },
  ],
  'index-extra-keys': [
    {
      folder: index((found) => ({ ...found, model_name: 'mine' })),
      file: INDEX,
      says: 'model_name',
      repairable: true,
    },
  ],
  'index-weight-map': [
    { folder: index(() => ({ metadata: {} })), file: INDEX, says: 'no "weight_map"', repairable: true },
    { folder: index(() => ({ metadata: {}, weight_map: {} })), file: INDEX, says: 'no "weight_map"', repairable: true },
    {
      folder: index(() => ({ metadata: {}, weight_map: { a: 1 } })),
      file: INDEX,
      says: 'no "weight_map"',
      repairable: true,
    },
    { folder: { ...GOOD, [INDEX]: '{"metadata": {}}', [FIRST]: '' }, file: INDEX, says: 'no "weight_map"' },
  ],
  'index-shard-missing': [
    { folder: without(GOOD, SECOND), file: INDEX, says: `not there: ${SECOND}` },
    {
      folder: index(({ weight_map, ...rest }) => ({ ...rest, weight_map: { ...weight_map, a: '../lost' } })),
      file: INDEX,
      says: 'not there: ../lost',
      repairable: true,
    },
  ],
  'index-shard-unnamed': [
    {
      folder: index(({ weight_map, ...rest }) => ({
        ...rest,
        weight_map: Object.fromEntries(Object.entries(weight_map).filter(([, file]) => file === FIRST)),
      })),
      file: INDEX,
      says: `does not name these shards: ${SECOND}`,
      repairable: true,
    },
  ],
  'index-tensor-misplaced': [
    {
      folder: index(({ weight_map, ...rest }) => ({
        ...rest,
        weight_map: { ...weight_map, 'lm_head.weight': FIRST },
      })),
      file: INDEX,
      says: 'where they are not: lm_head.weight',
      repairable: true,
    },
  ],
  'index-tensor-unnamed': [
    {
      folder: index(({ weight_map, ...rest }) => ({
        ...rest,
        weight_map: Object.fromEntries(Object.entries(weight_map).filter(([name]) => name !== 'lm_head.weight')),
      })),
      file: INDEX,
      says: 'does not name these tensors of its shards: lm_head.weight',
      repairable: true,
    },
  ],
  'index-total-size': [
    {
      folder: index(({ weight_map }) => ({ metadata: { total_size: 7 }, weight_map })),
      severity: 'warning',
      file: INDEX,
      says: 'says a total_size of 7',
      repairable: true,
    },
  ],
  architecture: [
    {
      folder: edited(GOOD, 'config.json', '"gpt_oss"', '"llama"'),
      file: 'config.json',
      says: 'model_type "llama"',
    },
    {
      folder: edited(GOOD, 'config.json', 'GptOssForCausalLM', 'GptOssModel'),
      file: 'config.json',
      says: 'GptOssModel',
    },
  ],
  'config-sizes': [
    {
      folder: edited(GOOD, 'config.json', /"num_hidden_layers": 2/, '"num_hidden_layers": 9007199254740991'),
      file: 'config.json',
      says: 'no proper value for num_hidden_layers',
    },
    {
      folder: edited(GOOD, 'config.json', /"head_dim": 4,/, ''),
      file: 'config.json',
      says: 'no proper value for head_dim',
    },
  ],
  'unusual-size': [{ folder: GOOD, severity: 'warning', file: 'config.json', says: '2 layers and 4 experts' }],
  'tensor-missing': [
    {
      folder: tinyModel(
        'bf16',
        tinyTensors('bf16').filter(({ name }) => !/experts\.(gate_up|down)_proj$/.test(name)),
      ),
      says: `4 tensors that config.json implies are missing: ${EXPERTS}.gate_up_proj`,
    },
    {
      folder: tinyModel(
        'bf16',
        tinyTensors('bf16').filter(({ name }) => name !== 'lm_head.weight'),
      ),
      says: /^1 tensor that config\.json implies is missing: lm_head\.weight$/,
    },
    {
      folder: tinyModel(
        'mxfp4',
        tinyTensors('mxfp4').filter(({ name }) => name !== `${EXPERTS}.down_proj_scales`),
      ),
      says: `missing: ${EXPERTS}.down_proj_scales`,
    },
    {
      folder: tinyModel(
        'bf16',
        tinyTensors('bf16').filter(({ name }) => !name.endsWith('sinks')),
      ),
      says: 'missing: model.layers.0.self_attn.sinks, model.layers.1.self_attn.sinks',
    },
  ],
  'tensor-surplus': [
    {
      folder: edited(GOOD, 'config.json', '"num_hidden_layers": 2', '"num_hidden_layers": 1'),
      says: /^\d+ tensors are there that config.json does not imply: model\.layers\.1\.\S+, \S+, \S+ and \d+ more$/,
    },
  ],
  'tensor-shape': [
    {
      folder: edited(GOOD, 'config.json', '"vocab_size": 16', '"vocab_size": 17'),
      says: 'model.embed_tokens.weight is [16, 64] where config.json implies [17, 64], and 1 more',
    },
    {
      folder: bf16((tensor) => (tensor.name === `${EXPERTS}.down_proj` ? { ...tensor, shape: [4, 64, 96] } : tensor)),
      says: `${EXPERTS}.down_proj is [4, 64, 96] where config.json implies [4, 96, 64]`,
    },
    {
      folder: mxfp4((tensor) =>
        tensor.name.endsWith('0.mlp.experts.down_proj_scales') ? { ...tensor, shape: [4, 64] } : tensor,
      ),
      says: `${EXPERTS}.down_proj_scales is [4, 64] where config.json implies [4, 64, 3]`,
    },
  ],
  'mxfp4-axes': [
    {
      folder: mxfp4((tensor) =>
        tensor.name === `${EXPERTS}.gate_up_proj_blocks` ? { ...tensor, shape: [4, 64, 6, 16] } : tensor,
      ),
      says: `wrong axis: ${EXPERTS}.gate_up_proj_blocks`,
    },
  ],
  'experts-misnamed': [
    {
      folder: bf16((found) => ({ ...found, name: found.name.replace(/(experts\.\w+_proj)$/, '$1_blocks') })),
      says: '4 expert tensors are BF16 under the names of MXFP4',
      repairable: true,
    },
    {
      folder: mxfp4((found) => ({ ...found, name: found.name.replace(/_blocks$/, '') })),
      says: '4 expert tensors are MXFP4 under the names of BF16',
      repairable: true,
    },
  ],
  'experts-mixed': [
    {
      folder: tinyModel('bf16', [
        ...tinyTensors('bf16').filter(({ name }) => name !== `${EXPERTS}.down_proj`),
        ...tinyTensors('mxfp4').filter(({ name }) => /0\.mlp\.experts\.down_proj_(blocks|scales)$/.test(name)),
      ]),
      says: 'MXFP4 in 1 of 4 matrices',
    },
  ],
  'quantization-missing': [
    {
      folder: { ...tinyModel('mxfp4'), 'config.json': String(GOOD['config.json']) },
      file: 'config.json',
      says: 'does not say that the experts are MXFP4',
      repairable: true,
    },
  ],
  'quantization-stale': [
    {
      folder: { ...GOOD, 'config.json': String(tinyModel('mxfp4')['config.json']) },
      file: 'config.json',
      says: 'the experts are not quantized',
      repairable: true,
    },
  ],
  'mxfp4-unconfirmed': [{ folder: tinyModel('mxfp4'), severity: 'warning', says: 'AWS says neither' }],
  'dtype-wide': [
    {
      folder: bf16((found) => ({ ...found, dtype: 'F32' })),
      severity: 'warning',
      says: /weights are F32 .*: \d+\.\d kB, and as BF16 \d+\.\d kB/,
    },
    { folder: bf16((found) => ({ ...found, dtype: 'F16' })), severity: 'warning', says: 'weights are F16' },
  ],
  'dtype-mixture': [
    {
      folder: bf16((found) => ({ ...found, dtype: /(bias|norm\.weight)$/.test(found.name) ? 'F32' : 'BF16' })),
      severity: 'note',
      says: 'norms or biases',
    },
  ],
  'dtype-unsupported': [
    {
      folder: bf16((found) => (found.name === 'lm_head.weight' ? { ...found, dtype: 'U8' } : found)),
      says: 'no use for: "lm_head.weight U8"',
    },
  ],
  'too-large': [],
  'context-length': [
    {
      folder: edited(GOOD, 'config.json', '131072', '131073'),
      file: 'config.json',
      says: 'max_position_embeddings 131073',
    },
  ],
  'prefix-characters': [{ folder: GOOD, address: 's3://weights/my model/', says: 's3://weights/my model/' }],
  'file-name': [
    {
      folder: { ...tinyTexts('bf16'), 'my model.safetensors': shardOf(tinyTensors('bf16')) },
      severity: 'warning',
      file: 'my model.safetensors',
      says: 'characters',
    },
  ],
  'eos-ids': [
    {
      folder: without(GOOD, 'generation_config.json'),
      file: 'generation_config.json',
      says: 'is not there',
      repairable: true,
    },
    ...['200002', '[200002, 199999]', '[200002, 199999, 200012, 7]', '[200002, 199999, "200012"]', 'null'].map(
      (ids) => ({
        folder: edited(GOOD, 'generation_config.json', /"eos_token_id": \[[^\]]*\]/, `"eos_token_id": ${ids}`),
        file: 'generation_config.json',
        says: 'says "eos_token_id"',
        repairable: true,
      }),
    ),
  ],
  'chat-template-missing': [
    { folder: without(GOOD, 'chat_template.jinja'), severity: 'warning', says: 'no chat template' },
  ],
  'chat-template-twice': [
    {
      folder: edited(GOOD, 'tokenizer_config.json', '{', '{"chat_template": "{{ x }}",'),
      severity: 'warning',
      file: 'chat_template.jinja',
      says: 'so has tokenizer_config.json',
      repairable: true,
    },
  ],
  'chat-template-separate': [
    { folder: GOOD, severity: 'note', file: 'chat_template.jinja', says: 'wants it in tokenizer_config.json' },
  ],
  'tokenizer-class': [
    {
      folder: edited(GOOD, 'tokenizer_config.json', 'PreTrainedTokenizerFast', 'TokenizersBackend'),
      file: 'tokenizer_config.json',
      says: 'TokenizersBackend',
      repairable: true,
    },
    {
      folder: edited(GOOD, 'tokenizer_config.json', 'PreTrainedTokenizerFast', 'MyTokenizer'),
      file: 'tokenizer_config.json',
      says: 'MyTokenizer',
    },
  ],
  'special-tokens': [
    {
      folder: edited(GOOD, 'tokenizer.json', '200012', '200011'),
      file: 'tokenizer.json',
      says: '<|call|> is 200011, not 200012',
    },
    { folder: { ...GOOD, 'tokenizer.json': '{"added_tokens": []}' }, file: 'tokenizer.json', says: 'is missing, not' },
  ],
  'special-tokens-unseen': [
    {
      folder: { ...GOOD, 'tokenizer.json': '{"model": {}}' },
      severity: 'note',
      file: 'tokenizer.json',
      says: 'were not compared',
    },
    {
      folder: { ...GOOD, 'tokenizer.json': `{"added_tokens": ["]", "${'x'.repeat(99_999)}"]}` },
      severity: 'note',
      file: 'tokenizer.json',
      says: 'were not compared',
    },
  ],
  'transformers-version': [
    {
      folder: edited(GOOD, 'config.json', '4.55.0.dev0', '5.23.0'),
      severity: 'warning',
      file: 'config.json',
      says: 'transformers 5.23.0',
    },
  ],
  more: [
    {
      folder: Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`model-${n}-of-9.safetensors`, ''])),
      says: '15 more findings of the kind file-cut-off',
    },
  ],
};

/** A file whose header has these bytes, one a character. */
function withBytes(header: string): Uint8Array {
  const file = withHeader(header.replace(/[^\0-\x7f]/g, '?'));
  return Buffer.concat([file.subarray(0, 8), Buffer.from(header, 'latin1')]);
}

function entries(tensors: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(tensors);
}

function tensor(change: object = {}): object {
  return { dtype: 'BF16', shape: [1], data_offsets: [0, 2], ...change };
}
