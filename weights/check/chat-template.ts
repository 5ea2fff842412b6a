import { note, SOURCES, warning, type Finding } from '../finding';
import { few } from '../printable';
import type { Contents } from './contents';

/** One of the places that a chat template can lie in. */
interface Template {
  readonly file: 'chat_template.jinja' | 'chat_template.json' | 'tokenizer_config.json';
  /** Undefined where the file cannot be read, or holds several templates by name. */
  readonly text: string | undefined;
}

/** Every place that has a chat template; the first wins on loading. */
export function templatesOf({ files, json, template }: Contents): readonly Template[] {
  const textIn = (file: string) => {
    const text = json.get(file)?.['chat_template'];
    return typeof text === 'string' ? text : undefined;
  };
  const embedded = json.get('tokenizer_config.json')?.['chat_template'];
  return [
    ...(files.has('chat_template.jinja') ? [{ file: 'chat_template.jinja', text: template } as const] : []),
    ...(files.has('chat_template.json')
      ? [{ file: 'chat_template.json', text: textIn('chat_template.json') } as const]
      : []),
    ...(embedded !== undefined && embedded !== null
      ? [{ file: 'tokenizer_config.json', text: textIn('tokenizer_config.json') } as const]
      : []),
  ];
}

export function chatTemplates(contents: Contents): Finding[] {
  const { files, json } = contents;
  // a tokenizer_config.json that cannot be read may hold a template
  if (files.has('tokenizer_config.json') && !json.has('tokenizer_config.json')) return [];
  const templates = templatesOf(contents);
  const [first, ...others] = templates;
  const source = SOURCES.templates;
  if (!first) {
    const problem = 'there is no chat template, and Bedrock has no default one';
    const remedy = 'copy chat_template.jinja from the original model';
    return [warning({ code: 'chat-template-missing', file: '', problem, remedy, source })];
  }
  const { file } = first;
  if (others.length > 0) {
    const problem = `has a chat template, and so has ${few(others.map((other) => other.file))}; AWS asks for one place, and ${file} wins`;
    const remedy = "keep it in tokenizer_config.json alone: both of AWS's pages accept that";
    const repairable = json.has('tokenizer_config.json') && templates.every(({ text }) => text !== undefined);
    return [warning({ code: 'chat-template-twice', file, problem, remedy, repairable, source })];
  }
  if (file === 'tokenizer_config.json') return [];
  const problem =
    "has the chat template: AWS's page on templates accepts that, and its page on invoking wants it in tokenizer_config.json";
  const remedy = "if chat requests come out unformatted, embed it; AWS's walkthrough imports it as it is";
  return [note({ code: 'chat-template-separate', file, problem, remedy, source })];
}
