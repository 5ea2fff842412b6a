import { error, type Finding } from '../finding';
import { parseJson, type JsonObject } from '../json';
import { MAX_TEXT, type ModelFile, type ModelFolder } from '../model-folder';
import { sizeText } from '../printable';
import { INDEX } from '../file-names';
import { isLfsPointer, lfsPointer } from './git-lfs';

const MB = 1024 * 1024;

/** The JSON files that are read whole, and bounds far above what models have: the index of a 120B has 60 kB. */
export const JSON_FILES: ReadonlyMap<string, number> = new Map([
  ['config.json', MB],
  ['generation_config.json', MB],
  ['tokenizer_config.json', 4 * MB],
  ['chat_template.json', 4 * MB],
  [INDEX, MAX_TEXT],
]);

/** OpenAI's has 17 kB. */
const MAX_TEMPLATE = MB;

/** `repair` writes these anew: what they have to say is known without them. */
const REPLACEABLE = new Set(['generation_config.json', INDEX]);

export async function readJson(
  folder: ModelFolder,
  file: ModelFile,
): Promise<{ readonly value: JsonObject } | Finding> {
  const { name } = file;
  const read = await readWhole(folder, file, JSON_FILES.get(name) ?? 0);
  if ('severity' in read) return read;
  const parsed = parseJson(read.text);
  if ('value' in parsed) return parsed;
  const { code, problem } = parsed;
  const repairable = REPLACEABLE.has(name);
  return error({ code, file: name, problem, remedy: 'correct it, or take the file of the original model', repairable });
}

export function readTemplate(folder: ModelFolder, file: ModelFile): Promise<{ readonly text: string } | Finding> {
  return readWhole(folder, file, MAX_TEMPLATE);
}

async function readWhole(
  folder: ModelFolder,
  { name, size }: ModelFile,
  bound: number,
): Promise<{ readonly text: string } | Finding> {
  if (size > bound) {
    const problem = `has ${sizeText(size)}; more than ${sizeText(bound)} is no ${name} of a model`;
    return error({ code: 'file-too-large', file: name, problem, remedy: 'put the right file there' });
  }
  const text = await folder.readText(name, bound);
  return isLfsPointer(text) ? lfsPointer(name) : { text };
}
