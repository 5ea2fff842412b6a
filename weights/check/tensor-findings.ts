import { error, SOURCES, type Finding } from '../finding';
import { sameShape, type FoundMatrix } from '../gpt-oss/experts';
import type { ExpertMatrix, Wanted } from '../gpt-oss/tensors';
import { counted, few, printable } from '../printable';
import type { Tensor } from '../safetensors';

/** A matrix of experts that config.json implies, and what the shards hold of it. */
export interface Matrix {
  readonly matrix: ExpertMatrix;
  readonly found: FoundMatrix;
}

/**
 * Tensors that are missing, too many, or of the wrong shape.
 * @param complete every header is known: only then is a tensor that is not found missing
 */
export function shapeFindings(
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
  const what = counted(
    names.length,
    'tensor that config.json implies is missing',
    'tensors that config.json implies are missing',
  );
  const problem = `${what}: ${few(names)}`;
  return error({ code: 'tensor-missing', file: '', problem, remedy, ...(experts && { source: SOURCES.misnamed }) });
}

function surplusTensors(names: readonly string[]): Finding {
  const problem = `${counted(names.length, 'tensor is', 'tensors are')} there that config.json does not imply: ${few(names)}`;
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
