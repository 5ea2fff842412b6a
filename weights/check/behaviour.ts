import { error, note, SOURCES, warning, type Finding } from '../finding';
import { isShard } from '../file-names';
import { END_TOKENS, SPECIAL_TOKENS } from '../gpt-oss/tokens';
import type { JsonObject } from '../json';
import { few, printable, printableValue } from '../printable';
import { chatTemplates } from './chat-template';
import type { Contents } from './contents';

/** What an import accepts and a conversation shows: end tokens, chat template, tokenizer. */
export function behaviourFindings(contents: Contents): Finding[] {
  const { files, json, tokenizer } = contents;
  const tokenizerConfig = json.get('tokenizer_config.json');
  return [
    ...endTokens(json.get('generation_config.json'), files),
    ...(tokenizerConfig ? tokenizerClass(tokenizerConfig) : []),
    ...chatTemplates(contents),
    ...(tokenizer ? specialTokens(tokenizer.added) : []),
    ...transformersVersion(json.get('config.json')),
  ];
}

function endTokens(config: JsonObject | undefined, files: Contents['files']): Finding[] {
  const wanted = JSON.stringify(END_TOKENS);
  const base = {
    code: 'eos-ids',
    file: 'generation_config.json',
    remedy: `set "eos_token_id" to ${wanted}`,
    repairable: true,
    source: SOURCES.invoke,
  } as const;
  if (!config) {
    // a folder without weights is no model, and gets no file of one: an adapter's is a folder of another kind
    if (files.has('generation_config.json') || ![...files.keys()].some(isShard)) return [];
    return [error({ ...base, problem: `is not there, and answers do not end without ${wanted}` })];
  }
  const ids: unknown = config['eos_token_id'];
  const set = new Set<unknown>(Array.isArray(ids) ? ids : []);
  if (set.size === END_TOKENS.length && END_TOKENS.every((id) => set.has(id))) return [];
  const said = printableValue(ids);
  return [error({ ...base, problem: `says "eos_token_id" ${said}; answers do not end, or fail, without ${wanted}` })];
}

/** AWS's list of supported tokenizers. */
const TOKENIZERS = new Set(
  ['T5', 'Llama', 'CodeLlama', 'GPT2', 'GPTNeoX', 'PreTrained', 'Qwen2'].flatMap((name) => [
    `${name}Tokenizer`,
    `${name}TokenizerFast`,
  ]),
);

/** What transformers 5 writes for every fast tokenizer. */
const RENAMED_TOKENIZER = 'TokenizersBackend';

function tokenizerClass(config: JsonObject): Finding[] {
  const name = config['tokenizer_class'];
  if (name === undefined || (typeof name === 'string' && TOKENIZERS.has(name))) return [];
  const problem = `says "tokenizer_class" ${printableValue(name)}, which is not in AWS's list`;
  const remedy = 'set "tokenizer_class" to "PreTrainedTokenizerFast", which both transformers 4 and 5 load';
  const repairable = name === RENAMED_TOKENIZER;
  const file = 'tokenizer_config.json';
  return [error({ code: 'tokenizer-class', file, problem, remedy, repairable, source: SOURCES.files })];
}

function specialTokens(added: ReadonlyMap<string, number> | undefined): Finding[] {
  const file = 'tokenizer.json';
  if (!added) {
    const problem = 'has no "added_tokens" near its beginning, so that the ids of special tokens were not compared';
    return [note({ code: 'special-tokens-unseen', file, problem, remedy: '' })];
  }
  const wrong = [...SPECIAL_TOKENS]
    .filter(([token, id]) => added.get(token) !== id)
    .map(([token, id]) => `${token} is ${added.get(token) ?? 'missing'}, not ${id}`);
  if (wrong.length === 0) return [];
  const problem = `has other special tokens than GPT-OSS was trained with: ${few(wrong)}`;
  const remedy = 'take the tokenizer.json of the original model';
  return [error({ code: 'special-tokens', file, problem, remedy })];
}

/** AWS names 4.51.3; GPT-OSS itself came with 4.55, so that only the next major version is remarkable. */
function transformersVersion(config: JsonObject | undefined): Finding[] {
  const version = config?.['transformers_version'];
  if (typeof version !== 'string' || !(Number.parseInt(version, 10) >= 5)) return [];
  const problem = `was written by transformers ${printable(version)}; AWS names 4.51.3`;
  const remedy = 'if the import fails, save it with transformers 4.57, which writes what AWS knows';
  return [warning({ code: 'transformers-version', file: 'config.json', problem, remedy, source: SOURCES.files })];
}
