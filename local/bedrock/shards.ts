import { isRecord } from './shapes';
import { readHeader, type Tensor } from './safetensors';
import type { ModelFolder } from './model-folder';
import type { Switches } from './switches';

const indexName = 'model.safetensors.index.json';

/** Why Bedrock refuses the folder's weights, or undefined. */
export async function weightsProblem(folder: ModelFolder, switches: Switches): Promise<string | undefined> {
  const shards = folder.names.filter((name) => name.endsWith('.safetensors') && !name.includes('/'));
  const bytes = shards.reduce((sum, name) => sum + (folder.size(name) ?? 0), 0);
  if (bytes >= switches.maxWeightsBytes)
    return `The size of the model weights (${String(bytes)} bytes) must be less than 200GB.`;
  if (folder.size(indexName) === undefined) return unindexedProblem(folder, shards, switches);
  const index = await readIndex(folder);
  if ('problem' in index) return index.problem;
  for (const [shard, tensors] of index.shards) {
    const problem = await shardProblem(folder, shard, tensors, switches);
    if (problem) return problem;
  }
  return undefined;
}

async function unindexedProblem(
  folder: ModelFolder,
  shards: readonly string[],
  switches: Switches,
): Promise<string | undefined> {
  const [only, ...others] = shards;
  if (only === undefined || others.length > 0 || switches.singleFileWithoutIndex === 'refused') {
    return `The model is missing the required file ${indexName}.`;
  }
  return shardProblem(folder, only, [], switches);
}

type Index = { readonly shards: ReadonlyMap<string, readonly string[]> } | { readonly problem: string };

/** Each shard with the tensors that the index places in it. */
async function readIndex(folder: ModelFolder): Promise<Index> {
  const index = await folder.json(indexName);
  if (!index) return { problem: `The ${indexName} file of the model is not a valid JSON object.` };
  const { metadata, weight_map: weightMap } = index;
  if (!isRecord(metadata)) return { problem: `The ${indexName} file must include a metadata field at the root level.` };
  const extra = Object.keys(metadata).filter((name) => name !== 'total_size');
  if (extra.length > 0) {
    return { problem: `The metadata of the ${indexName} file contains unsupported fields: ${extra.join(', ')}.` };
  }
  if (!isRecord(weightMap) || Object.keys(weightMap).length === 0) {
    return { problem: `The ${indexName} file must include a weight_map.` };
  }
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    if (typeof shard !== 'string')
      return { problem: `The weight_map of the ${indexName} file names no file for ${tensor}.` };
    const tensors = shards.get(shard);
    if (tensors) tensors.push(tensor);
    else shards.set(shard, [tensor]);
  }
  return { shards };
}

async function shardProblem(
  folder: ModelFolder,
  shard: string,
  named: readonly string[],
  switches: Switches,
): Promise<string | undefined> {
  const size = folder.size(shard);
  if (size === undefined) return `The file ${shard}, which ${indexName} refers to, is missing.`;
  const header = await readHeader(size, (start, length) => folder.read(shard, start, length));
  if ('problem' in header) return `The file ${shard} is not a valid safetensors file: ${header.problem}.`;
  const absent = named.find((tensor) => !header.tensors.has(tensor));
  if (absent !== undefined) return `The tensor ${absent} is missing from ${shard}, where ${indexName} places it.`;
  if (switches.mxfp4 === 'refused' && isMxfp4(header.tensors))
    return `The data type of the tensors in ${shard} is not supported.`;
  return undefined;
}

/** By type, not by name: transformers 5 saves BF16 experts under the names of MXFP4 blocks. */
function isMxfp4(tensors: ReadonlyMap<string, Tensor>): boolean {
  return [...tensors.values()].some(({ dtype }) => dtype === 'U8');
}
