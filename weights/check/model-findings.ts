import { error, SOURCES, warning, type Finding } from '../finding';
import { isGptOss, readSizes, type Sizes } from '../gpt-oss/config';
import { findMatrix, type FoundMatrix } from '../gpt-oss/experts';
import { commonTensors, expertMatrices } from '../gpt-oss/tensors';
import type { JsonObject } from '../json';
import { few, printableValue } from '../printable';
import type { Tensor } from '../safetensors';
import { dtypeFindings } from './dtypes';
import { unmergedAdapter } from './file-findings';
import { formatFindings } from './format-findings';
import { shapeFindings, type Matrix } from './tensor-findings';

export type Format = 'bf16' | 'mxfp4' | 'mixed' | 'unknown';

/** What the tensors are found to be. */
export interface Model {
  readonly format: Format;
  readonly sizes?: Sizes;
  /** Numbers in the tensors that are there, two in each byte of MXFP4; 0 where not every header is known. */
  readonly parameters: number;
  /** Every tensor is there that both formats have. */
  readonly whole: boolean;
  /** New names of expert tensors that carry the other format's. */
  readonly renames: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/**
 * Holds the tensors against config.json.
 * @param complete every header is known: only then is a tensor that is not found missing
 */
export function modelFindings(config: JsonObject, tensors: ReadonlyMap<string, Tensor>, complete: boolean): Model {
  const unknown = { format: 'unknown', parameters: 0, whole: false, renames: new Map<string, string>() } as const;
  if (!isGptOss(config)) return { ...unknown, findings: [otherArchitecture(config)] };
  const sizes = readSizes(config);
  if (!('head_dim' in sizes)) return { ...unknown, findings: [noSizes(sizes)] };
  const lora = [...tensors.keys()].filter((name) => /lora_[AB]|\.base_layer\.|^base_model\./.test(name));
  if (lora.length > 0) {
    const what = `the shards hold an adapter that is not merged (${few(lora)})`;
    return { ...unknown, sizes, findings: [unmergedAdapter('', what)] };
  }
  const matrices = expertMatrices(sizes).map((matrix) => ({ matrix, found: findMatrix(matrix, tensors) }));
  const format = formatOf(matrices.map(({ found }) => found));
  const common = commonTensors(sizes);
  return {
    format,
    sizes,
    whole: common.every(({ name }) => tensors.has(name)),
    parameters: complete ? countParameters(tensors, matrices) : 0,
    renames: new Map(matrices.flatMap(({ found }) => (found.rename ? [found.rename] : []))),
    findings: [
      ...shapeFindings(common, tensors, matrices, complete),
      ...formatFindings(format, matrices, config),
      ...dtypeFindings(tensors, new Set(format === 'bf16' ? [] : matrices.flatMap(({ found }) => found.used))),
      ...sizeFindings(sizes),
    ],
  };
}

function formatOf(found: readonly FoundMatrix[]): Format {
  const formats = new Set(found.flatMap(({ format }) => (format ? [format] : [])));
  const [only = 'unknown', other] = formats;
  return other === undefined ? only : 'mixed';
}

function countParameters(tensors: ReadonlyMap<string, Tensor>, matrices: readonly Matrix[]): number {
  const packed = matrices.filter(({ found }) => found.format === 'mxfp4');
  const inBlocks = new Set(packed.flatMap(({ found }) => found.used));
  let parameters = packed.reduce((sum, { matrix: { experts, into, out } }) => sum + experts * into * out, 0);
  for (const [name, { shape }] of tensors) {
    if (!inBlocks.has(name)) parameters += shape.reduce((product, size) => product * size, 1);
  }
  return parameters;
}

function otherArchitecture(config: JsonObject): Finding {
  const { model_type: type, architectures } = config;
  const problem = `is of another architecture than GPT-OSS: model_type ${printableValue(type)}, architectures ${printableValue(architectures)}`;
  const remedy =
    type === 'gpt_oss'
      ? 'save the model with AutoModelForCausalLM, not AutoModel or a classifier'
      : 'this tool knows GPT-OSS only (model_type "gpt_oss", architectures ["GptOssForCausalLM"])';
  return error({ code: 'architecture', file: 'config.json', problem, remedy, source: SOURCES.files });
}

function noSizes(names: readonly string[]): Finding {
  const problem = `has no proper value for ${few(names, 8)}`;
  return error({ code: 'config-sizes', file: 'config.json', problem, remedy: "take the original model's config.json" });
}

/** Layers and experts of the two published sizes. */
const PUBLISHED: readonly (readonly [number, number])[] = [
  [24, 32],
  [36, 128],
];

function sizeFindings({ num_hidden_layers: layers, num_local_experts: experts }: Sizes): Finding[] {
  if (PUBLISHED.some(([l, e]) => l === layers && e === experts)) return [];
  const problem = `says ${layers} layers and ${experts} experts: neither the 20B (24, 32) nor the 120B (36, 128) that AWS names`;
  const remedy = 'see that it is meant: AWS does not say whether other sizes are refused';
  return [warning({ code: 'unusual-size', file: 'config.json', problem, remedy, source: SOURCES.files })];
}
