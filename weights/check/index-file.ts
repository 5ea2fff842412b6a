import { error, SOURCES, warning, type Finding } from '../finding';
import { isObject, type JsonObject } from '../json';
import { few, printableValue } from '../printable';
import type { Header } from '../safetensors';
import { INDEX } from '../file-names';
import { shardsByName } from './model-files';

/** What `metadata` may hold: AWS's walkthrough allows nothing else. */
export const METADATA_KEYS: readonly string[] = ['total_size'];
export const INDEX_KEYS: readonly string[] = ['metadata', 'weight_map'];

export interface IndexedModel {
  readonly shards: readonly string[];
  /** Headers of the shards whose headers are right. */
  readonly headers: ReadonlyMap<string, Header>;
  /** Every header is right and every tensor that config.json implies is there: an index can be made from them. */
  readonly rebuildable: boolean;
}

/** Which tensor lies in which file; undefined where the index has no proper `weight_map`. */
export function weightMap(index: JsonObject): ReadonlyMap<string, string> | undefined {
  const map = index['weight_map'];
  if (!isObject(map)) return undefined;
  const places = new Map<string, string>();
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string') return undefined;
    places.set(tensor, file);
  }
  return places.size > 0 ? places : undefined;
}

/** Holds the index against the headers, which are the truth. */
export function indexFindings(
  index: JsonObject,
  places: ReadonlyMap<string, string> | undefined,
  model: IndexedModel,
): Finding[] {
  return [
    ...rootFindings(index),
    ...(places && lacksShards(places, model) ? [] : totalSize(index, model)),
    ...(places ? placeFindings(places, model) : [noMap(model.rebuildable)]),
  ];
}

function rootFindings(index: JsonObject): Finding[] {
  const { metadata } = index;
  const findings: Finding[] = [];
  const base = { file: INDEX, repairable: true, source: SOURCES.walkthrough };
  if (!isObject(metadata)) {
    const problem = 'has no "metadata" at its root, which may be empty and must be there';
    findings.push(error({ ...base, code: 'index-metadata-missing', problem, remedy: 'add "metadata": {}' }));
  } else {
    const extra = Object.keys(metadata).filter((key) => !METADATA_KEYS.includes(key));
    const problem = `has "metadata" that Bedrock does not support: ${few(extra)}`;
    const remedy = 'remove everything but total_size from "metadata"';
    if (extra.length > 0) findings.push(error({ ...base, code: 'index-extra-metadata', problem, remedy }));
  }
  const extra = Object.keys(index).filter((key) => !INDEX_KEYS.includes(key));
  if (extra.length > 0) {
    const problem = `has keys that no index has: ${few(extra)}`;
    const remedy = 'leave only "metadata" and "weight_map"';
    findings.push(error({ ...base, code: 'index-extra-keys', problem, remedy }));
  }
  return findings;
}

/** Then the tensors that are there are not all, and their sum says nothing. */
function lacksShards(places: ReadonlyMap<string, string>, { shards }: IndexedModel): boolean {
  const have = new Set(shards);
  return [...places.values()].some((file) => !have.has(file));
}

function totalSize(index: JsonObject, { shards, headers }: IndexedModel): Finding[] {
  const { metadata } = index;
  const said = isObject(metadata) ? metadata['total_size'] : undefined;
  if (said === undefined || shards.length === 0 || shards.some((shard) => !headers.has(shard))) return [];
  const bytes = tensorBytes(shards.flatMap((shard) => headers.get(shard) ?? []));
  if (said === bytes) return [];
  const problem = `says a total_size of ${printableValue(said)}, and the tensors have ${bytes} bytes`;
  const remedy = 'correct total_size, or see whether a shard is of another model';
  return [warning({ code: 'index-total-size', file: INDEX, problem, remedy, repairable: true })];
}

export function tensorBytes(headers: Iterable<Header>): number {
  let bytes = 0;
  for (const { tensors } of headers) for (const tensor of tensors.values()) bytes += tensor.bytes;
  return bytes;
}

function placeFindings(places: ReadonlyMap<string, string>, model: IndexedModel): Finding[] {
  const { shards, headers, rebuildable: repairable } = model;
  const have = new Set(shards);
  const missing = new Set<string>();
  const misplaced: string[] = [];
  for (const [tensor, file] of places) {
    if (!have.has(file)) missing.add(file);
    else if (headers.get(file)?.tensors.has(tensor) === false) misplaced.push(tensor);
  }
  const named = new Set(places.values());
  // a shard without tensors needs no name
  const unnamed = shards.filter((shard) => !named.has(shard) && headers.get(shard)?.tensors.size !== 0);
  const unlisted = shards
    .filter((shard) => named.has(shard))
    .flatMap((shard) => [...(headers.get(shard)?.tensors.keys() ?? [])].filter((tensor) => !places.has(tensor)));
  const remedy = 'make the index anew from the headers';
  const found = (code: Finding['code'], names: readonly string[], problem: string, otherwise = remedy) =>
    names.length === 0
      ? []
      : [error({ code, file: INDEX, problem, remedy: repairable ? remedy : otherwise, repairable })];
  const download = 'download the shards that are missing, or save the model again';
  return [
    ...found('index-shard-missing', [...missing], `names shards that are not there: ${few([...missing])}`, download),
    ...found('index-shard-unnamed', unnamed, `does not name these shards: ${few(unnamed)}`),
    ...found('index-tensor-misplaced', misplaced, `places tensors where they are not: ${few(misplaced)}`),
    ...found('index-tensor-unnamed', unlisted, `does not name these tensors of its shards: ${few(unlisted)}`),
  ];
}

function noMap(repairable: boolean): Finding {
  const problem = 'has no "weight_map" from names of tensors to names of files';
  const remedy = repairable ? 'make the index anew from the headers' : "take the original model's index";
  return error({ code: 'index-weight-map', file: INDEX, problem, remedy, repairable });
}

/** A model of several shards has an index; a single file is saved without one. */
export function noIndexFindings({ shards, rebuildable }: IndexedModel): Finding[] {
  const all = shardsByName(shards);
  if (all > 1) {
    const some = shards.length < all;
    const problem = `is not there, and the model has ${some ? `${shards.length} of ` : ''}${all} shards`;
    const otherwise = `download it${some ? ' and the other shards' : ''}, or save the model again`;
    const remedy = rebuildable ? 'make it from the headers' : otherwise;
    return [error({ code: 'index-missing', file: INDEX, problem, remedy, repairable: rebuildable })];
  }
  return shards.map((file) => {
    const problem = 'is the whole model, without an index: AWS does not say whether Bedrock takes that';
    const remedy = 'try it, or save the model with max_shard_size="5GB"';
    return warning({ code: 'single-file-without-index', file, problem, remedy, source: SOURCES.files });
  });
}
