import { error, SOURCES, warning, type Finding } from '../finding';
import { isGptOss, quantMethod, readSizes, type Sizes } from '../gpt-oss/config';
import { findMatrix, sameShape, type FoundMatrix } from '../gpt-oss/experts';
import { commonTensors, expertMatrices, type ExpertMatrix, type Wanted } from '../gpt-oss/tensors';
import type { JsonObject } from '../json';
import { few, printable } from '../printable';
import type { Tensor } from '../safetensors';
import { dtypeFindings } from './dtypes';
import { unmergedAdapter } from './file-findings';

export type Format = 'bf16' | 'mxfp4' | 'mixed' | 'unknown';

/** What the tensors are found to be. */
export interface Model {
  readonly format: Format;
  readonly sizes?: Sizes;
  /** Numbers of the model, two in each byte of MXFP4; of the tensors that are there. */
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
    parameters: countParameters(tensors, matrices),
    renames: new Map(matrices.flatMap(({ found }) => (found.rename ? [found.rename] : []))),
    findings: [
      ...shapeFindings(common, tensors, matrices, complete),
      ...formatFindings(format, matrices, config),
      ...dtypeFindings(tensors, new Set(format === 'bf16' ? [] : matrices.flatMap(({ found }) => found.used))),
      ...sizeFindings(sizes),
    ],
  };
}

interface Matrix {
  readonly matrix: ExpertMatrix;
  readonly found: FoundMatrix;
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

function shapeFindings(
  common: readonly Wanted[],
  tensors: ReadonlyMap<string, Tensor>,
  matrices: readonly Matrix[],
  complete: boolean,
): Finding[] {
  const expected = new Set([...common.map(({ name }) => name), ...matrices.flatMap(({ found }) => found.used)]);
  const missing = [
    ...common.filter(({ name }) => !tensors.has(name)).map(({ name }) => name),
    ...matrices.flatMap(({ found }) => found.missing ?? []),
  ];
  const surplus = [...tensors.keys()].filter((name) => !expected.has(name));
  const misshaped = [
    ...common.filter(({ name, shape }) => !sameShape(tensors.get(name)?.shape ?? shape, shape)),
    ...matrices.flatMap(({ found: { misshaped: wrong } }) =>
      wrong && !isTurned(wrong) ? [{ name: wrong.name, shape: wrong.wanted }] : [],
    ),
  ];
  const turned = matrices.flatMap(({ found: { misshaped: wrong } }) => (wrong && isTurned(wrong) ? [wrong.name] : []));
  return [
    ...(complete && missing.length > 0 ? [missingTensors(missing)] : []),
    ...(surplus.length > 0 ? [surplusTensors(surplus)] : []),
    ...(turned.length > 0 ? [turnedBlocks(turned)] : []),
    ...(misshaped.length > 0 ? [misshapedTensors(misshaped, tensors)] : []),
  ];
}

/** Blocks of U8 in any other shape come from quantizing along the wrong axis. */
const isTurned = ({ packed, name }: NonNullable<FoundMatrix['misshaped']>) => packed && !name.endsWith('_scales');

function missingTensors(names: readonly string[]): Finding {
  const experts = names.some((name) => name.includes('.mlp.experts.'));
  const remedy = experts
    ? 'save it again with save_pretrained(…, save_original_format=False): transformers 5 loses expert weights without'
    : 'download the missing shards, or save the model again';
  const problem = `${names.length} tensors that config.json implies are missing: ${few(names)}`;
  return error({ code: 'tensor-missing', file: '', problem, remedy, ...(experts && { source: SOURCES.misnamed }) });
}

function surplusTensors(names: readonly string[]): Finding {
  const problem = `${names.length} tensors are there that config.json does not imply: ${few(names)}`;
  const remedy = "see whether config.json is this model's: layers, experts, heads";
  return error({ code: 'tensor-surplus', file: '', problem, remedy });
}

function turnedBlocks(names: readonly string[]): Finding {
  const problem = `MXFP4 blocks lie along the wrong axis: ${few(names)}`;
  const remedy = 'quantize again with another version of transformers, or save the model as BF16';
  return error({ code: 'mxfp4-axes', file: '', problem, remedy });
}

function misshapedTensors(
  wrong: readonly { readonly name: string; readonly shape: readonly number[] }[],
  tensors: ReadonlyMap<string, Tensor>,
): Finding {
  const [{ name, shape } = { name: '', shape: [] }] = wrong;
  const is = tensors.get(name)?.shape ?? [];
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more` : '';
  const problem = `${printable(name)} is [${few(is.map(String), 6)}] where config.json implies [${shape.join(', ')}]${more}`;
  const remedy = "see whether config.json is this model's: layers, experts, heads";
  return error({ code: 'tensor-shape', file: '', problem, remedy });
}

function formatFindings(format: Format, matrices: readonly Matrix[], config: JsonObject): Finding[] {
  const renamed = matrices.flatMap(({ found }) => found.rename?.[0] ?? []);
  const findings: Finding[] = [];
  if (renamed.length > 0) {
    const problem = `${renamed.length} expert tensors are ${format === 'mxfp4' ? 'MXFP4 under the names of BF16' : 'BF16 under the names of MXFP4'}, and loaders fill them with random numbers: ${few(renamed)}`;
    const remedy = 'rename them in headers and index, or save with save_pretrained(…, save_original_format=False)';
    const source = SOURCES.misnamed;
    findings.push(
      error({ code: 'experts-misnamed', file: '', problem, remedy, source, repairable: format !== 'mixed' }),
    );
  }
  if (format === 'mixed') {
    const packed = matrices.flatMap(({ found, matrix }) => (found.format === 'mxfp4' ? [matrix.name] : []));
    const problem = `the experts are MXFP4 in ${packed.length} of ${matrices.length} matrices and BF16 in the others`;
    const remedy = 'save the model again, whole, in one of the two';
    findings.push(error({ code: 'experts-mixed', file: '', problem, remedy }));
  }
  return [...findings, ...quantizationFindings(format, quantMethod(config))];
}

function quantizationFindings(format: Format, method: unknown): Finding[] {
  const base = { file: 'config.json', repairable: true };
  if (format === 'bf16' && method !== undefined) {
    const problem = 'has a "quantization_config", and the experts are not quantized';
    return [error({ ...base, code: 'quantization-stale', problem, remedy: 'remove "quantization_config"' })];
  }
  if (format !== 'mxfp4') return [];
  const unconfirmed = warning({
    code: 'mxfp4-unconfirmed',
    file: '',
    problem:
      'the experts are MXFP4, as OpenAI publishes them; AWS says neither that Bedrock takes it nor that it does not',
    remedy: 'try it; a 20B can be saved as BF16 instead (42 GB)',
    source: SOURCES.files,
  });
  if (method === 'mxfp4') return [unconfirmed];
  const problem = 'does not say that the experts are MXFP4, so that loaders take the blocks for something else';
  const remedy = 'add the "quantization_config" of the original model';
  return [error({ ...base, code: 'quantization-missing', problem, remedy }), unconfirmed];
}

function otherArchitecture(config: JsonObject): Finding {
  const { model_type: type, architectures } = config;
  const said = (value: unknown) => printable(JSON.stringify(value ?? null));
  const problem = `is of another architecture than GPT-OSS: model_type ${said(type)}, architectures ${said(architectures)}`;
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
  const remedy = 'nothing if that is meant: AWS does not say whether other sizes are refused';
  return [warning({ code: 'unusual-size', file: 'config.json', problem, remedy, source: SOURCES.files })];
}
