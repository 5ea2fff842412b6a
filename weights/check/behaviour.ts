import { error, note, SOURCES, warning, type Finding } from '../finding';
import { END_TOKENS, SPECIAL_TOKENS } from '../gpt-oss/tokens';
import type { JsonObject } from '../json';
import { few, printable } from '../printable';
import type { Contents } from './contents';

/** What an import accepts and a conversation shows: end tokens, chat template, tokenizer. */
export function behaviourFindings({ files, json, tokenizer }: Contents): Finding[] {
  const tokenizerConfig = json.get('tokenizer_config.json');
  return [
    ...endTokens(json.get('generation_config.json'), files.has('generation_config.json')),
    ...(tokenizerConfig ? tokenizerClass(tokenizerConfig) : []),
    ...(tokenizerConfig || !files.has('tokenizer_config.json')
      ? chatTemplates(templatePlaces(files, tokenizerConfig))
      : []),
    ...(tokenizer ? specialTokens(tokenizer.added) : []),
    ...transformersVersion(json.get('config.json')),
  ];
}

function endTokens(config: JsonObject | undefined, there: boolean): Finding[] {
  const wanted = JSON.stringify(END_TOKENS);
  const base = {
    code: 'eos-ids',
    file: 'generation_config.json',
    remedy: `set "eos_token_id" to ${wanted}`,
    repairable: true,
    source: SOURCES.invoke,
  } as const;
  if (!config)
    return there ? [] : [error({ ...base, problem: `is not there, and answers do not end without ${wanted}` })];
  const ids: unknown = config['eos_token_id'];
  const set = new Set<unknown>(Array.isArray(ids) ? ids : []);
  if (set.size === END_TOKENS.length && END_TOKENS.every((id) => set.has(id))) return [];
  const said = printable(JSON.stringify(ids ?? null));
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
export const RENAMED_TOKENIZER = 'TokenizersBackend';

function tokenizerClass(config: JsonObject): Finding[] {
  const name = config['tokenizer_class'];
  if (name === undefined || (typeof name === 'string' && TOKENIZERS.has(name))) return [];
  const problem = `says "tokenizer_class" ${printable(JSON.stringify(name))}, which is not in AWS's list`;
  const remedy = 'set "tokenizer_class" to "PreTrainedTokenizerFast", which both transformers 4 and 5 load';
  const repairable = name === RENAMED_TOKENIZER;
  const file = 'tokenizer_config.json';
  return [error({ code: 'tokenizer-class', file, problem, remedy, repairable, source: SOURCES.files })];
}

/** Where a chat template lies; the first wins on loading. */
export function templatePlaces(
  files: ReadonlyMap<string, unknown>,
  tokenizerConfig: JsonObject | undefined,
): readonly string[] {
  const separate = ['chat_template.jinja', 'chat_template.json'].filter((name) => files.has(name));
  const embedded = tokenizerConfig?.['chat_template'];
  return embedded === undefined || embedded === null ? separate : [...separate, 'tokenizer_config.json'];
}

function chatTemplates(places: readonly string[]): Finding[] {
  const [first, ...others] = places;
  const source = SOURCES.templates;
  if (first === undefined) {
    const problem = 'there is no chat template, and Bedrock has no default one';
    const remedy = 'copy chat_template.jinja from the original model';
    return [warning({ code: 'chat-template-missing', file: '', problem, remedy, source })];
  }
  if (others.length > 0) {
    const problem = `has a chat template, and so has ${few(others)}; AWS asks for one place, and ${first} wins`;
    const remedy = "keep it in tokenizer_config.json alone: both of AWS's pages accept that";
    return [warning({ code: 'chat-template-twice', file: first, problem, remedy, repairable: true, source })];
  }
  if (first === 'tokenizer_config.json') return [];
  const problem =
    "has the chat template: AWS's page on templates accepts that, and its page on invoking wants it in tokenizer_config.json";
  const remedy = "nothing, as AWS's walkthrough imports it so; embed it if chat requests come out unformatted";
  return [note({ code: 'chat-template-separate', file: first, problem, remedy, source })];
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
  const remedy = 'nothing, unless the import fails: transformers 4.57 writes what AWS knows';
  return [warning({ code: 'transformers-version', file: 'config.json', problem, remedy, source: SOURCES.files })];
}
