import { HUB_COPY_ROOT, IMPORTED_MODEL_TYPE } from '../../lib/contract';
import { isObject } from '../../weights/json';
import { printableValue } from '../../weights/printable';
import type { Stack, Stacks } from './stacks';
import { UsageError } from './usage-error';

/** Where a stack's weights go; without a prefix where the stack has a bucket for weights and no model. */
export interface StackWeights {
  readonly bucket: string;
  readonly prefix?: string;
}

/** The rule that every `WeightsBucket` has, and by which it is known among other buckets. */
const WEIGHTS_BUCKET_RULE = 'AbortIncompleteUploads';

interface Resource {
  readonly logicalId: string;
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The place of a stack's weights: bucket and prefix of its model, or its `WeightsBucket` where it has no model.
 * Undefined while the bucket is not there yet.
 *
 * @param model construct id or logical id, for a stack with several
 * @throws UsageError when the stack has none, or several and none is named, or copies them from Hugging Face itself
 */
export async function stackWeights(
  name: string,
  stack: Stack,
  stacks: Stacks,
  model?: string,
): Promise<StackWeights | undefined> {
  const resources = templateResources(await stacks.template(name), name);
  const models = resources.filter(({ type }) => type === IMPORTED_MODEL_TYPE);
  const candidates = models.length > 0 ? models : resources.filter(isWeightsBucket);
  const one = chosen(candidates, name, model);
  if (one.type !== IMPORTED_MODEL_TYPE) {
    const bucket = stack.resources.get(one.logicalId);
    return bucket === undefined ? undefined : { bucket };
  }
  const bucket = await resolved(one.properties['Bucket'], stack, stacks);
  const prefix = await resolved(one.properties['Prefix'], stack, stacks);
  if (prefix?.startsWith(HUB_COPY_ROOT)) {
    const why = `the weights of ${one.path || one.logicalId} are copied from Hugging Face when stack ${name} is deployed`;
    throw new UsageError(`${why}: nothing is to be uploaded; for a folder of yours give the model another source`);
  }
  return bucket === undefined || prefix === undefined ? undefined : { bucket, prefix };
}

function chosen(candidates: readonly Resource[], stack: string, wanted: string | undefined): Resource {
  const named = candidates.filter((each) => wanted === undefined || isCalled(each, wanted));
  const [one, ...others] = named;
  if (one && others.length === 0) return one;
  if (candidates.length === 0) throw new UsageError(`stack ${stack} has neither an imported model nor a WeightsBucket`);
  const all = candidates.map(({ path, logicalId }) => path || logicalId).join(', ');
  throw new UsageError(
    wanted === undefined
      ? `stack ${stack} has several: ${all}; choose one by --model`
      : `--model ${wanted} is not one of stack ${stack}: ${all}`,
  );
}

/** By logical id, with or without CDK's hash, or by the id of a construct around it, where the template has its path. */
function isCalled({ logicalId, path }: Resource, wanted: string): boolean {
  return [logicalId, logicalId.replace(/[0-9A-F]{8}$/, ''), ...path.split('/')].includes(wanted);
}

function templateResources(text: string, stack: string): Resource[] {
  const resources = property(json(text, stack), 'Resources');
  if (!isObject(resources)) throw new UsageError(`the template of stack ${stack} has no resources`);
  return Object.entries(resources).map(([logicalId, resource]) => {
    const path = property(property(resource, 'Metadata'), 'aws:cdk:path');
    const type = property(resource, 'Type');
    const properties = property(resource, 'Properties');
    return {
      logicalId,
      path: typeof path === 'string' ? path : '',
      type: typeof type === 'string' ? type : '',
      properties: isObject(properties) ? properties : {},
    };
  });
}

function isWeightsBucket({ type, properties }: Resource): boolean {
  if (type !== 'AWS::S3::Bucket') return false;
  const rules = property(properties['LifecycleConfiguration'], 'Rules');
  return Array.isArray(rules) && rules.some((rule) => property(rule, 'Id') === WEIGHTS_BUCKET_RULE);
}

/**
 * A property's value as CloudFormation makes it; undefined for what is not there yet.
 *
 * @throws UsageError for a value that waiting would not bring
 */
async function resolved(value: unknown, stack: Stack, stacks: Stacks): Promise<string | undefined> {
  if (typeof value === 'string') return value;
  const ref = property(value, 'Ref');
  if (typeof ref === 'string') return referred(ref, stack);
  const name = property(value, 'Fn::ImportValue');
  if (typeof name === 'string') return stacks.exported(name);
  const join: unknown = property(value, 'Fn::Join');
  const [separator, list] = isList(join) ? join : [];
  if (typeof separator !== 'string' || !isList(list)) throw unreadable(value);
  const parts: string[] = [];
  for (const part of list) {
    const text = await resolved(part, stack, stacks);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return parts.join(separator);
}

function referred(name: string, { parameters, resources }: Stack): string | undefined {
  const there = parameters.get(name) ?? resources.get(name);
  // resources may come yet; of these there are no more than the stack has
  if (there === undefined && name.startsWith('AWS::')) throw unreadable({ Ref: name });
  return there;
}

function unreadable(value: unknown): UsageError {
  const said = printableValue(value);
  return new UsageError(`the place of the weights cannot be read from the template (${said}); name it`);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function json(text: string, stack: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`the template of stack ${stack} is not JSON, as CDK's are; name the place of the weights`, {
      cause: error,
    });
  }
}

function property(from: unknown, name: string): unknown {
  return isObject(from) && Object.hasOwn(from, name) ? from[name] : undefined;
}
