import { error, inOrder, type Finding } from '../finding';
import { isGptOss, readSizes } from '../gpt-oss/config';
import { commonTensors } from '../gpt-oss/tensors';
import type { JsonObject } from '../json';
import { MAX_FILES, type ModelFile, type ModelFolder } from '../model-folder';
import { few } from '../printable';
import type { Tensor } from '../safetensors';
import { select, type Selection } from '../selection';
import { INDEX, isShard } from '../file-names';
import { behaviourFindings } from './behaviour';
import { readContents, unreadable, type Contents } from './contents';
import { fileFindings, leftOutFindings, leftoverFindings } from './file-findings';
import { indexFindings, noIndexFindings, weightMap, type IndexedModel } from './index-file';
import { limitFindings } from './limits';
import { chooseModel, type ModelFiles } from './model-files';
import { modelFindings, type Model } from './model-findings';

/** All that a check learns of a folder. */
export interface Inspection {
  /** In order; of a kind a few, then their count. */
  readonly findings: readonly Finding[];
  /** All of them. */
  readonly all: readonly Finding[];
  readonly selection: Selection;
  /** Undefined where the folder could not be read at all. */
  readonly contents?: Contents;
  readonly modelFiles?: ModelFiles;
  readonly model?: Model;
}

/** Reads a folder's listing, small texts and headers, never its tensors. */
export async function inspect(folder: ModelFolder): Promise<Inspection> {
  const listed = await listing(folder);
  if (!Array.isArray(listed)) return { findings: [listed], all: [listed], selection: { upload: [], leftOut: [] } };
  const contents = await readContents(folder, listed);
  const index = contents.json.get(INDEX);
  const places = index && weightMap(index);
  const modelFiles = chooseFiles(contents, places);
  const selection = select(listed, weightsOf(contents, modelFiles));
  const { tensors, twice } = allTensors(contents, modelFiles.shards);
  const config = contents.json.get('config.json');
  const complete = modelFiles.shards.every((name) => contents.headers.has(name)) && modelFiles.shards.length > 0;
  const model = config && !modelFiles.ambiguous ? modelFindings(config, tensors, complete) : undefined;
  const rebuildable = complete && twice.length === 0 && model?.whole === true;
  const findings = [
    // a broken index can be made anew where the headers are right, which is known only here
    ...contents.findings.map((found) =>
      found.file === INDEX ? { ...found, repairable: found.repairable && rebuildable } : found,
    ),
    ...selection.upload.flatMap((file) => (file.unreadable ? [unreadable(file.unreadable)] : [])),
    ...fileFindings(contents.address, contents.files, modelFiles.shards),
    ...leftoverFindings(contents.address, modelFiles),
    ...indexed(contents, modelFiles, places, rebuildable),
    ...(twice.length > 0 && !modelFiles.ambiguous ? [heldTwice(twice)] : []),
    ...(model?.findings ?? []),
    ...limitFindings(contents.address, config, selection.upload, model ?? { format: 'unknown' }),
    ...(config && !isGptOss(config) ? [] : behaviourFindings(contents)),
    ...leftOutFindings(contents.address, selection),
  ];
  return { findings: inOrder(findings), all: findings, selection, contents, modelFiles, ...(model && { model }) };
}

async function listing(folder: ModelFolder): Promise<ModelFile[] | Finding> {
  const listed = await folder.list().catch(unreadable);
  if (!Array.isArray(listed)) return listed;
  const remedy = 'name the folder that config.json and the .safetensors files lie in';
  if (listed.length === 0) {
    return error({ code: 'empty-folder', file: '', problem: 'the folder has no files', remedy });
  }
  if (listed.length <= MAX_FILES) return listed;
  return error({ code: 'too-many-files', file: '', problem: `the folder has more than ${MAX_FILES} files`, remedy });
}

function chooseFiles({ files, json, headers }: Contents, places: ReadonlyMap<string, string> | undefined): ModelFiles {
  return chooseModel([...files.keys()].filter(isShard).sort(), {
    headers,
    named: places && new Set(places.values()),
    wanted: () => wantedNames(json.get('config.json')),
  });
}

function wantedNames(config: JsonObject | undefined): string[] {
  if (!config || !isGptOss(config)) return [];
  const sizes = readSizes(config);
  return 'head_dim' in sizes ? commonTensors(sizes).map(({ name }) => name) : [];
}

function weightsOf({ files }: Contents, { shards, staleIndex }: ModelFiles): ReadonlySet<string> {
  return new Set(files.has(INDEX) && !staleIndex ? [...shards, INDEX] : shards);
}

/** The tensors of all shards, and those that more than one shard holds. */
function allTensors({ headers }: Contents, shards: readonly string[]) {
  const tensors = new Map<string, Tensor>();
  const twice: string[] = [];
  for (const shard of shards) {
    for (const [name, tensor] of headers.get(shard)?.tensors ?? []) {
      if (tensors.has(name)) twice.push(name);
      else tensors.set(name, tensor);
    }
  }
  return { tensors, twice };
}

function heldTwice(names: readonly string[]): Finding {
  const problem = `more than one shard holds these tensors: ${few(names)}`;
  const remedy = 'save the model again, into an empty folder';
  return error({ code: 'tensor-twice', file: '', problem, remedy });
}

function indexed(
  contents: Contents,
  modelFiles: ModelFiles,
  places: ReadonlyMap<string, string> | undefined,
  rebuildable: boolean,
): Finding[] {
  const { shards, staleIndex, ambiguous } = modelFiles;
  if (staleIndex || ambiguous || shards.length === 0) return [];
  const model: IndexedModel = { shards, headers: contents.headers, rebuildable };
  const index = contents.json.get(INDEX);
  if (index) return indexFindings(index, places, model);
  return contents.files.has(INDEX) ? [] : noIndexFindings(model);
}
