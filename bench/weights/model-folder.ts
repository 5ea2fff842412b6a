import { randomFillSync } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { tensorBytes } from '../../local/sample-weights/safetensors';
import { gptOssTensors, type Shape, type Tensor } from '../../local/sample-weights/tensors';
import { CHAT_TEMPLATE, configJson, generationConfigJson, tokenizerConfigJson } from '../../local/sample-weights/texts';
import { fullSizeTokenizer } from './tokenizer';

/** OpenAI's gpt-oss-120b, by its config.json. */
export const GPT_OSS_120B: Shape = {
  hidden_size: 2880,
  intermediate_size: 2880,
  num_hidden_layers: 36,
  num_local_experts: 128,
  num_attention_heads: 64,
  num_key_value_heads: 8,
  head_dim: 64,
  vocab_size: 201_088,
};

/** A GPT-OSS of about so many bytes: narrow, so that the largest tensor is a tenth of a gigabyte, with layers as needed. */
export function modelOfSize(bytes: number): Shape {
  const narrow = { ...GPT_OSS_120B, hidden_size: 288, num_local_experts: 32 };
  const sizeOf = (layers: number) => totalBytes(gptOssTensors({ ...narrow, num_hidden_layers: layers }, 'mxfp4'));
  const layer = sizeOf(2) - sizeOf(1);
  return { ...narrow, num_hidden_layers: Math.max(1, Math.round((bytes - sizeOf(0)) / layer)) };
}

export interface ModelFolderOptions {
  readonly shape: Shape;
  readonly shards: number;
  /** `sparse`: real headers, and tensors that are holes in the files. `noise`: bytes that cannot be compressed. */
  readonly tensors: 'sparse' | 'noise';
}

/** Writes a model folder that `check` has no error for. @returns the bytes of its shards */
export function writeModelFolder(folder: string, { shape, shards, tensors }: ModelFolderOptions): number {
  mkdirSync(folder, { recursive: true });
  const parts = inShards(gptOssTensors(shape, 'mxfp4'), shards);
  const names = parts.map((_, at) => `model-${pad(at + 1)}-of-${pad(parts.length)}.safetensors`);
  const bytes = parts.map((part, at) => writeShard(join(folder, names[at] ?? ''), part, tensors));
  const places = parts.flatMap((part, at) => part.map(({ name }) => [name, names[at]] as const));
  const metadata = { total_size: totalBytes(parts.flat()) };
  const texts = {
    'config.json': configJson(shape, 'mxfp4'),
    'generation_config.json': generationConfigJson(),
    'tokenizer.json': fullSizeTokenizer(),
    'tokenizer_config.json': tokenizerConfigJson(),
    'chat_template.jinja': CHAT_TEMPLATE,
    'model.safetensors.index.json': `${JSON.stringify({ metadata, weight_map: Object.fromEntries(places) }, null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return bytes.reduce((sum, size) => sum + size, 0);
}

/** Of about one size: each tensor goes where its first byte falls. */
function inShards(tensors: readonly Tensor[], shards: number): Tensor[][] {
  const total = totalBytes(tensors);
  const parts: Tensor[][] = Array.from({ length: shards }, () => []);
  let before = 0;
  for (const tensor of tensors) {
    parts[Math.floor((before * shards) / total)]?.push(tensor);
    before += tensorBytes(tensor);
  }
  return parts.filter((part) => part.length > 0);
}

/** @returns the file's bytes */
function writeShard(path: string, tensors: readonly Tensor[], content: ModelFolderOptions['tensors']): number {
  const header = headerOf(tensors);
  const size = header.length + totalBytes(tensors);
  const file = openSync(path, 'w');
  try {
    writeSync(file, header);
    if (content === 'sparse') ftruncateSync(file, size);
    else writeNoise(file, header.length, size);
  } finally {
    closeSync(file);
  }
  return size;
}

function headerOf(tensors: readonly Tensor[]): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const { name, dtype, shape, ...tensor } of tensors) {
    const start = end;
    end += tensorBytes({ name, dtype, shape, ...tensor });
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

/** One block of noise again and again: no client looks for repetitions. */
const NOISE = 16 * 1024 * 1024;

function writeNoise(file: number, from: number, to: number): void {
  const noise = randomFillSync(Buffer.alloc(NOISE));
  for (let at = from; at < to;) at += writeSync(file, noise, 0, Math.min(NOISE, to - at), at);
}

function totalBytes(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}

const pad = (number: number) => number.toString().padStart(5, '0');
