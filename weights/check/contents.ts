import { error, type Finding } from '../finding';
import { isShard } from '../file-names';
import type { JsonObject } from '../json';
import { Unreadable, type ModelFile, type ModelFolder } from '../model-folder';
import type { Header } from '../safetensors';
import { each } from '../transfer/together';
import { JSON_FILES, readJson, readTemplate } from './json-files';
import { headerReader } from './shard-headers';
import { readTokenizer, type Tokenizer } from './tokenizer-file';

/** All that is read of a folder: small texts, headers, and the two ends of tokenizer.json. */
export interface Contents {
  readonly address: string;
  readonly files: ReadonlyMap<string, ModelFile>;
  /** The JSON files that are there and right. */
  readonly json: ReadonlyMap<string, JsonObject>;
  /** Headers of the .safetensors files in the folder itself that are there and right. */
  readonly headers: ReadonlyMap<string, Header>;
  readonly tokenizer?: Tokenizer;
  /** chat_template.jinja. */
  readonly template?: string;
  /** What was wrong on reading. */
  readonly findings: readonly Finding[];
}

/** Requests in flight; S3 answers each in tens of milliseconds. */
const AT_ONCE = 16;

export async function readContents(folder: ModelFolder, listed: readonly ModelFile[]): Promise<Contents> {
  const findings: Finding[] = [];
  /** What `read` gives for a file, or undefined after a finding. */
  const reading = async <T extends object>(
    file: ModelFile,
    read: (folder: ModelFolder, file: ModelFile) => Promise<T | Finding>,
  ): Promise<T | undefined> => {
    const result = await read(folder, file).catch(unreadable);
    if (!('severity' in result)) return result;
    findings.push(result);
    return undefined;
  };

  const json = new Map<string, JsonObject>();
  const headers = new Map<string, Header>();
  const readHeader = headerReader();
  let tokenizer: Tokenizer | undefined;
  let template: { readonly text: string } | undefined;
  const readable = listed.filter(({ unreadable }) => !unreadable);
  await each(readable, AT_ONCE, new AbortController().signal, async (file) => {
    if (JSON_FILES.has(file.name)) {
      const read = await reading(file, readJson);
      if (read) json.set(file.name, read.value);
    } else if (isShard(file.name)) {
      const header = await reading(file, readHeader);
      if (header) headers.set(file.name, header);
    } else if (file.name === 'tokenizer.json') {
      tokenizer = await reading(file, readTokenizer);
    } else if (file.name === 'chat_template.jinja') {
      template = await reading(file, readTemplate);
    }
  });
  // read in any order, reported in one
  findings.sort((a, b) => (a.file < b.file ? -1 : 1));
  const files = new Map(listed.map((file) => [file.name, file]));
  return {
    address: folder.address,
    files,
    json,
    headers,
    findings,
    ...(tokenizer && { tokenizer }),
    ...(template && { template: template.text }),
  };
}

/** A file that cannot be read is a finding; a folder that cannot is the caller's to understand. */
export function unreadable(thrown: unknown): Finding {
  if (!(thrown instanceof Unreadable)) throw thrown;
  const { file, problem, remedy } = thrown;
  return error({ code: 'unreadable-file', file, problem, remedy });
}
