import { Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';

/**
 * What the `s3Uri` of CreateModelImportJob allows in a key, less `*`: in the policies that we write from the prefix it
 * would match any text.
 */
const ALLOWED = /[-!_'().a-z0-9A-Z]/;

/** `s3Uri` has at most 1,024 characters, of which 's3://', the longest bucket name and a '/' take 69. */
const MAX_PREFIX_LENGTH = 1024 - 69;

/** A construct that reads one folder of weights. */
export interface WeightsReader extends IConstruct {
  readonly weightsBucket: IBucket;
  readonly weightsPrefix: string;
}

/** Refuses a prefix that Bedrock would refuse; '' stands for the whole bucket. */
export function requirePrefix(prefix: string): void {
  if (Token.isUnresolved(prefix) || prefix === '') {
    return;
  }
  requireAllowedCharacters('prefix', prefix.replaceAll('/', ''), prefix);
  if (prefix.startsWith('/')) {
    throw new Error(`'prefix' must not begin with '/', got '${prefix}'; did you mean '${tidied(prefix)}'?`);
  }
  if (prefix.includes('//')) {
    throw new Error(`'prefix' must not contain '//', got '${prefix}'; did you mean '${tidied(prefix)}'?`);
  }
  if (!prefix.endsWith('/')) {
    throw new Error(`'prefix' must end in '/', got '${prefix}'; did you mean '${prefix}/'?`);
  }
  if (prefix.length > MAX_PREFIX_LENGTH) {
    throw new Error(
      `'prefix' must have at most ${MAX_PREFIX_LENGTH} characters, got ${prefix.length}; choose a shorter one`,
    );
  }
}

/** Refuses a version that can't be one folder of a prefix. */
export function requireVersionFolder(version: string): void {
  if (Token.isUnresolved(version)) {
    return;
  }
  if (version === '' || version.includes('/')) {
    throw new Error(`'version' becomes one folder of the prefix, got '${version}'; give it a name without '/'`);
  }
  requireAllowedCharacters('version', version, version);
}

/**
 * Says which of the others' prefixes contain this reader's: Bedrock reads everything below a prefix, so the outer
 * import would take the inner model's files for its own.
 */
export function surroundingPrefixes(reader: WeightsReader, others: readonly WeightsReader[]): string[] {
  return others
    .filter((other) => other.weightsBucket.bucketName === reader.weightsBucket.bucketName && isInside(reader, other))
    .map(
      (other) =>
        `'prefix' '${reader.weightsPrefix}' lies inside '${other.weightsPrefix}', the prefix of ${other.node.path} in the same bucket, whose import would read these files too; give each model a folder of its own`,
    );
}

function isInside(inner: WeightsReader, outer: WeightsReader): boolean {
  if (Token.isUnresolved(inner.weightsPrefix) || Token.isUnresolved(outer.weightsPrefix)) {
    return false;
  }
  return inner.weightsPrefix !== outer.weightsPrefix && inner.weightsPrefix.startsWith(outer.weightsPrefix);
}

function requireAllowedCharacters(what: string, text: string, given: string): void {
  const offending = [...new Set(text)].filter((character) => !ALLOWED.test(character));
  if (offending.length > 0) {
    const list = offending.map((character) => `'${character}'`).join(', ');
    throw new Error(
      `'${what}' must not contain ${list}, got '${given}'; use letters, digits and - _ . ! ' ( ), which are all that Bedrock's import can read`,
    );
  }
}

function tidied(prefix: string): string {
  const parts = prefix.split('/').filter((part) => part !== '');
  return parts.map((part) => `${part}/`).join('');
}
