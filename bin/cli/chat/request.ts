import { readFile } from 'node:fs/promises';
import { isObject, parseJson, type JsonObject, type JsonValue } from '../../../chat/json';
import type { Given } from '../command';
import { UsageError } from '../usage-error';

/** What every request of a conversation has beside its messages. @throws UsageError */
export async function requestFields({
  option,
}: Given<never, 'temperature' | 'max-tokens' | 'tool'>): Promise<JsonObject> {
  const temperature = number(
    '--temperature',
    option('temperature'),
    (value) => value >= 0 && value <= 2,
    'from 0 to 2',
  );
  const most = number('--max-tokens', option('max-tokens'), (value) => Number.isInteger(value) && value > 0, 'above 0');
  const file = option('tool');
  return {
    ...(temperature !== undefined && { temperature }),
    ...(most !== undefined && { max_completion_tokens: most }),
    ...(file !== undefined && { tools: await toolsIn(file) }),
  };
}

function number(flag: string, given: string | undefined, fits: (value: number) => boolean, range: string) {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() !== '' && fits(value)) return value;
  throw new UsageError(`${flag} is a number ${range}, got '${given}'`);
}

/** One tool or a list of them, each in OpenAI's form, or only its function. */
async function toolsIn(path: string): Promise<JsonValue[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`'${path}' could not be read: ${cause instanceof Error ? cause.message : ''}`, { cause });
  });
  const value = parseJson(text);
  const tools = Array.isArray(value) ? value : [value];
  return tools.map((tool) => {
    if (!isObject(tool)) throw new UsageError(`'${path}' is no tool in OpenAI's form, or list of them, as JSON`);
    return 'function' in tool ? tool : { type: 'function', function: tool };
  });
}
