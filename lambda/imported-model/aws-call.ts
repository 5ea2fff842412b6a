import { Unreadable } from '../../weights/model-folder';
import { CallFailed } from './port';

/** A call gets this long to be answered: the poll that makes it has 20 s, and the next poll asks again. */
export const CALL_TIMEOUTS = { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true };

const PASSING = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'SlowDown',
  'RequestTimeout',
  'TimeoutError',
  'InternalServerException',
  'InternalError',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);
const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

/** A bug of ours, or a file that cannot be had: nothing that waiting would mend. */
const NO_WEATHER = [TypeError, RangeError, Unreadable];

/** Makes a call and turns its error into the kind that decides what happens next. */
export async function awsCall<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error) || NO_WEATHER.some((kind) => error instanceof kind)) throw error;
    throw new CallFailed(kindOf(error), name, `${error.name}: ${error.message}`, { cause: error });
  }
}

/** By the error's name: Bedrock answers Conflict and ServiceQuotaExceeded with status 400 like any bad request. */
function kindOf(error: Error): CallFailed['kind'] {
  if (PASSING.has(error.name) || !wasAnswered(error)) return 'passing';
  if (DENIED.has(error.name)) return 'denied';
  if (error.name === 'ServiceQuotaExceededException') return 'quota';
  if (error.name === 'ConflictException') return 'conflict';
  // of a role that IAM has not spread yet, 'The provided role ARN is invalid': a public report of 2026-07-23 (us-west-2)
  if (error.name === 'ValidationException' && /role.*(invalid|assume)/i.test(error.message)) return 'role';
  return 'invalid';
}

/** False when the service failed, or nothing came back: a cut connection, a name that did not resolve. */
function wasAnswered(error: Error): boolean {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return false;
  const status = 'httpStatusCode' in error.$metadata ? error.$metadata.httpStatusCode : undefined;
  return typeof status === 'number' && status < 500;
}

/** The value, or undefined if the service has no such thing. */
export async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (
      error instanceof CallFailed &&
      error.cause instanceof Error &&
      error.cause.name === 'ResourceNotFoundException'
    ) {
      return undefined;
    }
    throw error;
  }
}
