import { near } from '../near';
import { UsageError } from '../usage-error';

/** Where names of models are looked up. */
export interface Models {
  /** ARNs of the account's imported models by name. */
  imported(): Promise<ReadonlyMap<string, string>>;
  /** A stack's outputs by name; undefined when there is no such stack. */
  outputs(stack: string): Promise<ReadonlyMap<string, string> | undefined>;
}

/** Whether it says by itself which model it is. */
const isAddress = (model: string): boolean => model.startsWith('arn:') || /(^|\.)openai\./.test(model);

/**
 * ARN or id of the model that is meant: by either, by an imported model's name, or, of a stack, by an output's name.
 *
 * @throws UsageError when there is none of that name, with those that there are
 */
export async function modelCalled(
  name: string,
  stack: string | undefined,
  lookUp: () => Promise<Models>,
): Promise<string> {
  if (stack !== undefined) return outputOf(stack, name, await (await lookUp()).outputs(stack));
  requireNoWeights(name);
  if (isAddress(name)) return name;
  const imported = await (await lookUp()).imported();
  return imported.get(name) ?? missing(`no imported model is called '${name}'`, name, [...imported.keys()]);
}

/** No name or id of a model has a '/', only an ARN: with one it is part of that, or a folder, a repository, an address. */
function requireNoWeights(name: string): void {
  if (!name.includes('/') || name.startsWith('arn:')) return;
  if (/(?:^|:)(?:(?:imported|foundation)-model|(?:application-)?inference-profile)\//.test(name)) {
    throw new UsageError(`'${name}' is part of an ARN; give all of it, from 'arn:' on`);
  }
  const [, published] = /^(?:hf:\/\/)?openai\/(gpt-oss-(?:20|120)b)(?:@|$)/.exec(name) ?? [];
  const own = published === undefined ? '' : `give openai.${published}-1:0 for Bedrock's own model, or `;
  throw new UsageError(
    `'${name}' names weights, and only a model can be talked to: ${own}import them by deploying a GptOssImportedModel (README, 'Weights'), then give the model's name, its ARN, or an output with --stack`,
  );
}

function outputOf(stack: string, name: string, outputs: ReadonlyMap<string, string> | undefined): string {
  if (!outputs) throw new UsageError(`there is no stack '${stack}' in this account and Region`);
  // by the construct's id, too: the CDK puts 8 digits behind those that are not the stack's own
  const found = outputs.get(name) ?? outputs.get([...outputs.keys()].find((key) => unhashed(key) === name) ?? '');
  const models = [...outputs].filter(([, value]) => isAddress(value)).map(([key]) => key);
  return found ?? missing(`stack ${stack} has no output '${name}'`, name, models);
}

function unhashed(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

function missing(what: string, name: string, names: readonly string[]): never {
  const meant = near(name, names);
  const known = names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`;
  throw new UsageError(`${what}; ${meant === undefined ? known : `did you mean '${meant}'?`}`);
}
