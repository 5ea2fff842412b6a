import { HubError } from '../../weights/hub';
import { printable } from '../../weights/printable';
import { PrefixTakenError } from '../../weights/transfer/claim';
import { whetherRight } from './aws-endpoints';
import type { Out } from './out';
import { isUnreached } from './unreached';

/**
 * What went wrong, and what to do where the SDK does not say it in the words of this program.
 *
 * @param env of the program, which may name a profile, and servers in the place of AWS's
 * @param profile of the AWS configuration that a flag names, if one does
 */
export function explained(error: unknown, env: Out['env'], profile = env['AWS_PROFILE']): string {
  if (!(error instanceof Error)) return String(error);
  const advice = adviceFor(error, profile) ?? endpointAdvice(error, env);
  return advice === undefined ? error.message || error.name : `${error.message} (${advice})`;
}

function adviceFor(error: Error, profile: string | undefined): string | undefined {
  if (error.message === 'Region is missing') return 'give --region us-east-1, or set AWS_REGION';
  if (error instanceof PrefixTakenError) return 'to replace it, give --replace';
  const name = nameOf(error);
  return name === 'CredentialsProviderError' && profile !== undefined ? profileAdvice(profile) : ADVICE[name];
}

/** The SDK does not say which profile it looked for, nor whether there is one of that name. */
function profileAdvice(profile: string): string {
  const none = `there is no profile ${printable(profile)}, or none that has valid credentials`;
  return `${none}: 'aws configure list-profiles' names those that there are, 'aws sso login --profile …' renews one`;
}

const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'set AWS_PROFILE or give --profile; with single sign-on, run aws sso login',
  PermanentRedirect: 'the bucket is in another Region: give it as --region',
  AuthorizationHeaderMalformed: 'the bucket is in another Region: give it as --region',
  ENOSPC: 'the disk is full: make room, and run the same command again, which goes on',
  EDQUOT: 'the quota of the disk is used up: make room, and run the same command again, which goes on',
  NoSuchBucket: 'see the name, and whether it is a bucket of this account and Region',
};

/** What is called and is not the Hub is AWS. Of a host with two addresses Node says not even the port. */
function endpointAdvice(error: Error, env: Out['env']): string | undefined {
  const whether = error instanceof HubError || !isUnreached(error) ? undefined : whetherRight(env);
  return whether && `see ${whether}`;
}

/** The store's errors, and those of a model's answer, have the service's name for them in `code`. */
function nameOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
