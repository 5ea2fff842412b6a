/** What went wrong, and what to do where the SDK does not say it in the words of this program. */
export function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = error.message === 'Region is missing' ? NO_REGION : ADVICE[nameOf(error)];
  return advice === undefined ? error.message || error.name : `${error.message} (${advice})`;
}

const NO_REGION = 'give --region us-east-1, or set AWS_REGION';

const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'set AWS_PROFILE or give --profile; with single sign-on, run aws sso login',
  PermanentRedirect: 'the bucket is in another Region: give it as --region',
  AuthorizationHeaderMalformed: 'the bucket is in another Region: give it as --region',
  NoSuchBucket: 'see the name, and whether it is a bucket of this account and Region',
};

/** The store's errors have the service's name for them in `code`. */
function nameOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
