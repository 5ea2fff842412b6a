import { createHash } from 'node:crypto';

/** What makes another model: change any of these and CloudFormation gets another physical id. */
export interface Identity {
  /** The stack's name, not its id: a stack made anew finds the model that its forerunner retained. */
  readonly stackName: string;
  readonly resource: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly version: string;
  readonly base: string;
  readonly modelKeyArn: string;
}

/** Of a base, so that the names made of it have Bedrock's 63 characters: see `jobName`. */
export const MAX_BASE_LENGTH = 43;

const HASH_LENGTH = 10;
const REQUEST_LENGTH = 8;
const OUR_NAME = new RegExp(`^[0-9a-zA-Z]+(?:[_-][0-9a-zA-Z]+)*-[0-9a-f]{${HASH_LENGTH}}$`);

/**
 * The imported model's name and the resource's physical id. The recipe is API: a release that changed it would
 * import every model of every stack again.
 */
export function modelName(identity: Identity): string {
  const { stackName, resource, bucket, prefix, version, base, modelKeyArn } = identity;
  const recipe = JSON.stringify([stackName, resource, bucket, prefix, version, base, modelKeyArn]);
  // Bedrock takes a base that ends in a separator, but not two separators in a row
  return `${base.replace(/[_-]$/, '')}-${sha256(recipe).slice(0, HASH_LENGTH)}`;
}

/**
 * The name of the one job that a request may make, so that repeats of the request collide instead of importing twice,
 * and the next request can import the same content although job names stay taken for ever.
 * At most 43 + 1 + 10 + 1 + 8 = 63 characters, Bedrock's limit.
 */
export function jobName(model: string, requestId: string): string {
  return `${model.replaceAll('_', '-').replaceAll(/-{2,}/g, '-')}-${sha256(requestId).slice(0, REQUEST_LENGTH)}`;
}

/** True for names that `modelName` can have made; CloudFormation invents ids of its own for requests it gave up. */
export function isModelName(id: string): boolean {
  return id.length <= MAX_BASE_LENGTH + 1 + HASH_LENGTH && OUR_NAME.test(id);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
