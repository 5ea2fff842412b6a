import type { Given, OptionHelp } from './command';
import type { Aws, StoreChoice } from './outside';
import { UsageError } from './usage-error';

/** Flags that more than one command has. */
export const AWS_OPTIONS = {
  profile: { value: 'NAME', help: 'profile of the AWS configuration; default: AWS_PROFILE' },
  region: { value: 'REGION', help: 'Region of the bucket; default: AWS_REGION, or that of the profile' },
} satisfies Record<string, OptionHelp>;

/** For commands that write to a bucket. */
export const WRITE_OPTIONS = {
  'kms-key': { value: 'KEY', help: "ARN or id of the KMS key for new objects; default: the bucket's own encryption" },
  'bucket-owner': {
    value: 'ACCOUNT',
    help: 'account that must own the bucket that is written to; it is noted in the receipt beside the weights',
  },
} satisfies Record<string, OptionHelp>;

export const PROGRESS_SWITCHES = {
  quiet: 'no progress, and only what went wrong',
  json: 'every event as a line of JSON on stdout, the result as the last',
};

export function awsOf({ option }: Given<never, 'profile' | 'region'>): Aws {
  const [profile, region] = [option('profile'), option('region')];
  return { ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) };
}

/** The bucket that is written to. @throws UsageError */
export function writeChoiceOf(given: Given<never, 'profile' | 'region' | 'kms-key' | 'bucket-owner'>): StoreChoice {
  const [kmsKey, owner] = [given.option('kms-key'), given.option('bucket-owner')];
  if (owner !== undefined && !/^\d{12}$/.test(owner)) {
    throw new UsageError(`--bucket-owner is an account of 12 digits, got '${owner}'`);
  }
  return { ...awsOf(given), ...(kmsKey !== undefined && { kmsKey }), ...(owner !== undefined && { owner }) };
}
