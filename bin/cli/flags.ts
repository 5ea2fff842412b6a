import type { Given, OptionHelp } from './command';
import type { Aws } from './outside';

/** Flags that more than one command has. */
export const AWS_OPTIONS = {
  profile: { value: 'NAME', help: 'profile of the AWS configuration; default: AWS_PROFILE' },
  region: { value: 'REGION', help: 'Region of the bucket; default: AWS_REGION, or that of the profile' },
} satisfies Record<string, OptionHelp>;

export const KMS_OPTION = {
  'kms-key': { value: 'KEY', help: "ARN or id of the KMS key for new objects; default: the bucket's own encryption" },
} satisfies Record<string, OptionHelp>;

export const PROGRESS_SWITCHES = {
  quiet: 'no progress, and only what went wrong',
  json: 'every event as a line of JSON on stdout, the result as the last',
};

export function awsOf({ option }: Given<never, 'profile' | 'region'>): Aws {
  const [profile, region] = [option('profile'), option('region')];
  return { ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) };
}
