import { CUT } from '../network-codes';
import { type Failure, StoreError } from './store';

/** By the names that S3 and the SDK give; what has no name here is refused. */
const NAMED: Readonly<Record<Exclude<Failure, 'refused'>, readonly string[]>> = {
  busy: [
    'SlowDown',
    'ServiceUnavailable',
    'InternalError',
    'InternalFailure',
    'OperationAborted',
    'RequestTimeout',
    'RequestTimeoutException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'RequestLimitExceeded',
  ],
  cut: ['TimeoutError', 'IncompleteBody', ...CUT],
  damaged: ['BadDigest', 'XAmzContentChecksumMismatch', 'XAmzContentSHA256Mismatch'],
  expired: [
    'ExpiredToken',
    'ExpiredTokenException',
    'TokenRefreshRequired',
    'CredentialsProviderError',
    'RequestExpired',
  ],
  forbidden: ['AccessDenied', 'AllAccessDisabled', 'Forbidden', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'],
  missing: ['NoSuchKey', 'NoSuchBucket', 'NotFound'],
  lost: ['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall'],
  changed: ['PreconditionFailed', 'InvalidRange'],
};
const FAILURES: ReadonlyMap<string, Failure> = new Map(
  kinds(NAMED).flatMap((failure) => NAMED[failure].map((name): [string, Failure] => [name, failure])),
);

/** A HEAD that fails has no body, so no name: only its status is left. */
const BY_STATUS: Readonly<Record<number, Failure>> = {
  400: 'busy',
  403: 'forbidden',
  404: 'missing',
  408: 'busy',
  412: 'changed',
  429: 'busy',
  500: 'busy',
  502: 'busy',
  503: 'busy',
  504: 'busy',
};

const ADVICE: Partial<Record<Failure, string>> = {
  expired: 'the credentials are no longer valid: renew them and run again, what has been sent stays',
  forbidden: 'the caller may not do that: see the policies of the caller, the bucket and its key, then run again',
  lost: 'perhaps another upload to the same place is under way: let one of the two end, then run again',
};

/** What an SDK call to S3 threw, in our words. */
export function storeError(error: unknown, what: string): StoreError {
  const code = codeOf(error);
  const status = statusOf(error);
  const byStatus = isNameless(error) || status >= 500 ? BY_STATUS[status] : undefined;
  const failure = FAILURES.get(code) ?? byStatus ?? 'refused';
  const said = isNameless(error) ? `the answer was ${status}` : `${code}: ${text(error, 'message')}`;
  // none at all, none for a profile, or too old ones: renewing is no answer to all of these
  const advice = code === 'CredentialsProviderError' ? undefined : ADVICE[failure];
  const message = `could not ${what}: ${said}${advice ? ` (${advice})` : ''}`;
  return new StoreError(failure, isNameless(error) ? status.toString() : code, message, { cause: error });
}

/** What an error of HEAD is to the SDK: there was no body to name it. */
export function isNameless(error: unknown): boolean {
  return statusOf(error) > 0 && /^(Unknown|UnknownError|Error|\d*)$/.test(codeOf(error));
}

/** Node's own errors have their code in `code`, and the SDK wraps some of them under a name of its own. */
function codeOf(error: unknown): string {
  const code = text(error, 'code');
  if (FAILURES.has(code)) return code;
  const name = text(error, 'name');
  if (name !== 'Error' && FAILURES.has(name)) return name;
  if (text(error, 'message').includes('socket hang up')) return 'ECONNRESET';
  const cause = property(error, 'cause');
  if (cause !== undefined && FAILURES.has(text(cause, 'code'))) return text(cause, 'code');
  return wrappedCode(text(error, 'message')) ?? (name === 'Error' ? code : name);
}

/** Of an error that comes from another realm, as in a `vm` or a test runner, the SDK keeps nothing but its text. */
function wrappedCode(message: string): string | undefined {
  if (!message.startsWith('AWS SDK error wrapper for ')) return undefined;
  return message.split(/\W+/).find((word) => FAILURES.has(word));
}

function statusOf(error: unknown): number {
  const status = property(property(error, '$metadata'), 'httpStatusCode');
  return typeof status === 'number' ? status : 0;
}

function text(from: unknown, name: string): string {
  const value = property(from, name);
  return typeof value === 'string' ? value : '';
}

function property(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
}

function kinds<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  const names: K[] = [];
  for (const name in record) names.push(name);
  return names;
}
