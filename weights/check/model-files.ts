import type { Header } from '../safetensors';

/** Which of the folder's .safetensors files are the model. */
export interface ModelFiles {
  readonly shards: readonly string[];
  /** Shards of another save into the same folder. */
  readonly leftovers: readonly string[];
  /** An index of another save: it names no file that is there, and the model is a single file. */
  readonly staleIndex: boolean;
  /** Two models, and nothing that says which is meant; all their files are in `shards`. */
  readonly ambiguous: boolean;
}

interface Hints {
  /** Headers of the .safetensors files; a broken one has none, and its file is in `names` all the same. */
  readonly headers: ReadonlyMap<string, Header>;
  /** Files that the index names; undefined without a readable index. */
  readonly named: ReadonlySet<string> | undefined;
  /** Tensors that every format of this model has; none where config.json does not say. */
  readonly wanted: () => readonly string[];
}

/**
 * Re-saving into a used folder leaves the old files: model.safetensors beside shards, or the shards' index beside
 * model.safetensors. What the index names is the model if it is all there; else the one series that is complete.
 */
export function chooseModel(names: readonly string[], hints: Hints): ModelFiles {
  const series = bySeries(names);
  const { named } = hints;
  const have = new Set(names);
  if (named && named.size > 0 && [...named].every((name) => have.has(name))) {
    const meant = new Set([...named].map(seriesOf));
    return chosen(names, (name) => meant.has(seriesOf(name)));
  }
  const wanted = hints.wanted();
  const complete = [...series.values()].filter((files) => isComplete(files, hints.headers, wanted));
  const touched = [...series.values()].filter((files) => files.some((name) => named?.has(name)));
  const candidates = series.size === 1 ? [names] : complete.length > 0 ? complete : touched;
  const [only, ...others] = candidates;
  if (!only || others.length > 0) {
    return { shards: names, leftovers: [], staleIndex: false, ambiguous: names.length > 0 };
  }
  const files = new Set(only);
  const stale = named !== undefined && files.size === 1 && !only.some((name) => named.has(name)) && isWhole(only);
  return { ...chosen(names, (name) => files.has(name)), staleIndex: stale };
}

function chosen(names: readonly string[], isModel: (name: string) => boolean): ModelFiles {
  const leftovers = names.filter((name) => !isModel(name));
  return { shards: names.filter(isModel), leftovers, staleIndex: false, ambiguous: false };
}

function isComplete(files: readonly string[], headers: Hints['headers'], wanted: readonly string[]): boolean {
  const tensors = new Set(files.flatMap((name) => [...(headers.get(name)?.tensors.keys() ?? [])]));
  return wanted.length > 0 && wanted.every((name) => tensors.has(name));
}

function bySeries(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const series = new Map<string, string[]>();
  for (const name of names) {
    const key = seriesOf(name);
    const files = series.get(key);
    if (files) files.push(name);
    else series.set(key, [name]);
  }
  return series;
}

/** `model-00001-of-00003.safetensors` and its sisters are one series; any other file is one by itself. */
function seriesOf(name: string): string {
  const [, prefix, total] = /^(.*)-\d+-of-(\d+)\.safetensors$/s.exec(name) ?? [];
  return prefix === undefined ? name : `${prefix}-of-${total ?? ''}`;
}

/**
 * How many shards there are of a model by their own names: 2 of `model-00001-of-00002.safetensors`, and 3 where one of
 * them is `model-00000-of-00002.safetensors`, as OpenAI counts.
 */
export function shardsByName(names: readonly string[]): number {
  const numbers = names.map((name) => /-(\d{1,6})-of-(\d{1,6})\.safetensors$/.exec(name) ?? []);
  const fromZero = numbers.some(([, number]) => Number(number) === 0) ? 1 : 0;
  return Math.max(names.length, ...numbers.map(([, , total = 0]) => Number(total) + fromZero));
}

/** Not one shard of several. */
function isWhole([name = '']: readonly string[]): boolean {
  return seriesOf(name) === name;
}
