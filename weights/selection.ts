import type { ModelFile } from './model-folder';
import { INDEX, isShard, LOCK, RECEIPT } from './file-names';

/** Which files of a folder go into S3. */
export interface Selection {
  readonly upload: ModelFile[];
  readonly leftOut: LeftOut[];
}

export interface LeftOut {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** One clause, such as "a second copy of the weights in OpenAI's own layout". */
  readonly why: string;
}

/** What transformers and Bedrock read beside the weights, and the papers that belong to a model. */
const MODEL_FILES = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'tokenizer.model',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'chat_template.json',
  INDEX,
  'LICENSE',
  'LICENSE.md',
  'LICENSE.txt',
  'NOTICE',
  'README.md',
  'USAGE_POLICY',
]);

const FOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^metal\//, "the weights in Apple's format, which would take the import past its limit"],
  [/^original\//, "a second copy of the weights in OpenAI's own layout"],
  [/^\.cache\//, "the downloader's notes"],
  [/^\.git\//, 'the history of the repository'],
  [/^checkpoint-\d+\//, 'another model: a checkpoint of the training'],
  [/\//, 'it lies in a folder, and a model lies in one folder'],
];

const FILES: readonly (readonly [RegExp, string])[] = [
  [/^\.git/, "the repository's settings"],
  [/^\./, 'a hidden file'],
  [/\.orig$/, 'the original of a repaired file'],
  [/^adapter_/, 'an adapter: only merged weights can be imported'],
  [/\.(bin|pt|pth|ckpt|h5|msgpack|onnx|gguf)$/, 'only .safetensors files are weights to Bedrock'],
  [/^/, 'no file of a model'],
];

/**
 * Splits a listing into what is uploaded and what stays, with the reason. Knows files by name: what is unknown stays.
 *
 * @param weights names of the model's own shards and index, where they are known: others of their kind are left over
 *   from another save. @default - every .safetensors file of the folder is taken for a part of the model
 */
export function select(files: readonly ModelFile[], weights?: ReadonlySet<string>): Selection {
  const upload: ModelFile[] = [];
  const leftOut: LeftOut[] = [];
  for (const file of files) {
    const why = reasonAgainst(file.name, weights);
    if (why === undefined) upload.push(file);
    else leftOut.push({ name: file.name, size: file.size, why });
  }
  return { upload, leftOut };
}

function reasonAgainst(name: string, weights: ReadonlySet<string> | undefined): string | undefined {
  if (name.includes('/')) return reason(FOLDERS, name);
  // the files of which one folder can hold two models' worth
  if (name === INDEX || isShard(name)) {
    return weights === undefined || weights.has(name) ? undefined : 'left over from another save into this folder';
  }
  if (name === LOCK || name === RECEIPT) return 'every upload writes its own, last of all';
  return MODEL_FILES.has(name) ? undefined : reason(FILES, name);
}

function reason(table: readonly (readonly [RegExp, string])[], name: string): string | undefined {
  return table.find(([pattern]) => pattern.test(name))?.[1];
}
