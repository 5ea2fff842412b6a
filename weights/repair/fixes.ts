import { templatesOf } from '../check/chat-template';
import type { Contents } from '../check/contents';
import { INDEX_KEYS, METADATA_KEYS, tensorBytes } from '../check/index-file';
import type { Inspection } from '../check/inspect';
import type { Code } from '../codes';
import type { Finding } from '../finding';
import { END_TOKENS } from '../gpt-oss/tokens';
import { isObject } from '../json';
import { few } from '../printable';
import { INDEX } from '../file-names';
import { renameTensors } from './header-names';
import { withoutKeys, withValue } from './json-edit';
import type { Repair } from './repair';

/** Makes a text of a text: '' for a file that is not there. */
export interface Edit {
  readonly kind: 'edit';
  readonly file: string;
  readonly what: string;
  readonly edit: (text: string) => string;
}

type Fix = (finding: Finding, inspected: Inspected) => readonly (Edit | Repair)[];

/** An inspection that read the folder. */
export type Inspected = Inspection & Required<Pick<Inspection, 'contents' | 'modelFiles'>>;

/** What mends a finding that says it is repairable. */
export const FIXES: Readonly<Partial<Record<Code, Fix>>> = {
  'leftover-weights': ({ file }) => [{ kind: 'leave-out', file, what: 'left over from another save' }],
  'experts-misnamed': (_, { contents, modelFiles, model }) =>
    modelFiles.shards.flatMap((shard) => {
      const header = contents.headers.get(shard);
      return (header && renameTensors(shard, header, model?.renames ?? new Map())) ?? [];
    }),
  'quantization-stale': () => [
    remove('config.json', [], ['quantization_config'], 'remove "quantization_config": nothing is quantized'),
  ],
  'quantization-missing': () => [
    edit('config.json', 'say that the experts are MXFP4', ['quantization_config'], QUANTIZATION),
  ],
  'eos-ids': () => [generationConfig('end answers at the three end tokens')],
  'tokenizer-class': () => [
    edit('tokenizer_config.json', 'name the tokenizer as AWS does', ['tokenizer_class'], 'PreTrainedTokenizerFast'),
  ],
  'chat-template-twice': (_, { contents }) => oneTemplate(contents),
  'json-invalid': replaceFile,
  'json-duplicate-key': replaceFile,
  'index-missing': rebuildIndex,
  'index-weight-map': rebuildIndex,
  'index-shard-missing': rebuildIndex,
  'index-shard-unnamed': rebuildIndex,
  'index-tensor-misplaced': rebuildIndex,
  'index-tensor-unnamed': rebuildIndex,
  'index-metadata-missing': () => [edit(INDEX, 'add "metadata"', ['metadata'], {})],
  'index-extra-metadata': (_, { contents }) => {
    const metadata = contents.json.get(INDEX)?.['metadata'];
    return removeExtra(['metadata'], isObject(metadata) ? Object.keys(metadata) : [], METADATA_KEYS);
  },
  'index-extra-keys': (_, { contents }) => removeExtra([], Object.keys(contents.json.get(INDEX) ?? {}), INDEX_KEYS),
  'index-total-size': (_, { contents, modelFiles }) => {
    const bytes = tensorBytes(modelFiles.shards.flatMap((shard) => contents.headers.get(shard) ?? []));
    return [edit(INDEX, 'correct total_size', ['metadata', 'total_size'], bytes)];
  },
};

/** Of OpenAI's own config.json. */
const QUANTIZATION = {
  modules_to_not_convert: ['model.layers.*.self_attn', 'model.layers.*.mlp.router', 'model.embed_tokens', 'lm_head'],
  quant_method: 'mxfp4',
};

/** OpenAI's own generation_config.json, without the version that wrote it. */
const GENERATION_CONFIG = {
  bos_token_id: 199998,
  do_sample: true,
  eos_token_id: END_TOKENS,
  pad_token_id: 199999,
};

const edit = (file: string, what: string, path: string[], value: unknown): Edit => ({
  kind: 'edit',
  file,
  what,
  edit: (text) => withValue(text, path, value),
});

const remove = (file: string, path: readonly string[], keys: readonly string[], what: string): Edit => ({
  kind: 'edit',
  file,
  what,
  edit: (text) => withoutKeys(text, path, keys),
});

function removeExtra(path: readonly string[], keys: readonly string[], kept: readonly string[]): Edit[] {
  const extra = keys.filter((key) => !kept.includes(key));
  return [remove(INDEX, path, extra, `remove ${few(extra)}`)];
}

function generationConfig(what: string): Edit {
  const whole = `${JSON.stringify(GENERATION_CONFIG, null, 2)}\n`;
  const change = (text: string) => (text === '' ? whole : withValue(text, ['eos_token_id'], END_TOKENS));
  return { kind: 'edit', file: 'generation_config.json', what, edit: change };
}

function replaceFile(finding: Finding, inspected: Inspected): Edit[] {
  if (finding.file === INDEX) return rebuildIndex(finding, inspected);
  const made = generationConfig('write it anew');
  return [{ ...made, edit: () => made.edit('') }];
}

/** From the headers, as transformers writes it. */
function rebuildIndex(_: Finding, { contents, modelFiles }: Inspected): Edit[] {
  const headers = modelFiles.shards.map((shard) => [shard, contents.headers.get(shard)] as const);
  const places = headers.flatMap(([shard, header]) =>
    [...(header?.tensors.keys() ?? [])].map((tensor) => [tensor, shard] as const),
  );
  const weightMap = Object.fromEntries(places.sort(([a], [b]) => (a < b ? -1 : 1)));
  const totalSize = tensorBytes(headers.flatMap(([, header]) => header ?? []));
  const index = `${JSON.stringify({ metadata: { total_size: totalSize }, weight_map: weightMap }, null, 2)}\n`;
  return [{ kind: 'edit', file: INDEX, what: 'make it anew from the headers of the shards', edit: () => index }];
}

/** The template that wins today goes into tokenizer_config.json, the one place that both of AWS's pages accept. */
function oneTemplate(contents: Contents): (Edit | Repair)[] {
  const templates = templatesOf(contents);
  const separate = templates.filter(({ file }) => file !== 'tokenizer_config.json');
  return [
    edit('tokenizer_config.json', 'keep the chat template here alone', ['chat_template'], templates[0]?.text),
    ...separate.map(({ file }) => ({ kind: 'leave-out', file, what: 'now in tokenizer_config.json' }) as const),
  ];
}
