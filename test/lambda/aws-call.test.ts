import { awsCall, unlessMissing } from '../../lambda/imported-model/aws-call';
import { CallFailed } from '../../lambda/imported-model/port';
import { Unreadable } from '../../weights/model-folder';
import { awsError } from './aws-errors';

const failing = (error: unknown) => () =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries reject with anything
  Promise.reject<string>(error);

async function kindOf(error: Error): Promise<CallFailed['kind'] | undefined> {
  const failed: unknown = await awsCall('AnyCall', failing(error)).catch((thrown: unknown) => thrown);
  return failed instanceof CallFailed ? failed.kind : undefined;
}

describe('a call that fails', () => {
  test.each<[CallFailed['kind'], string, number | undefined, string]>([
    ['passing', 'ThrottlingException', 429, 'Too many requests'],
    ['passing', 'Throttling', 400, 'Rate exceeded'],
    ['passing', 'TooManyRequestsException', 429, 'Too many requests'],
    ['passing', 'SlowDown', 503, 'Please reduce your request rate.'],
    ['passing', 'RequestTimeout', 400, 'Your socket connection was not read from'],
    ['passing', 'InternalServerException', 500, 'Internal'],
    ['passing', 'InternalError', 500, 'We encountered an internal error'],
    ['passing', 'InternalFailure', 500, 'Internal'],
    ['passing', 'ServiceUnavailable', 503, 'Unavailable'],
    ['passing', 'ServiceUnavailableException', 503, 'Unavailable'],
    ['passing', 'AnythingElse', 502, 'Bad gateway'],
    ['passing', 'TimeoutError', undefined, 'socket hang up after 5000 ms'],
    ['passing', 'Error', undefined, 'getaddrinfo EAI_AGAIN bedrock.us-east-1.amazonaws.com'],
    ['denied', 'AccessDeniedException', 403, 'User is not authorized to perform'],
    ['denied', 'AccessDenied', 403, 'Access Denied'],
    ['denied', 'UnauthorizedOperation', 403, 'You are not authorized'],
    ['quota', 'ServiceQuotaExceededException', 400, 'Request an increase'],
    ['conflict', 'ConflictException', 400, 'Job name is in use'],
    ['role', 'ValidationException', 400, 'The provided role ARN is invalid'],
    ['role', 'ValidationException', 400, 'Could not assume provided IAM role; the ROLE cannot be ASSUMEd'],
    ['invalid', 'ValidationException', 400, 'The S3 URI is invalid'],
    ['invalid', 'TooManyTagsException', 400, 'At most 50'],
    ['invalid', 'ResourceNotFoundException', 404, 'No such job'],
    ['invalid', 'NoSuchBucket', 404, 'The specified bucket does not exist'],
  ])('is %s for %s (%s): %s', async (kind, name, status, message) => {
    expect(await kindOf(awsError(name, message, status))).toBe(kind);
  });

  test.each([null, 'text', {}, { httpStatusCode: '400' }])(
    'is passing when its metadata %j tells no status: nothing was answered',
    async (metadata) => {
      expect(await kindOf(Object.assign(new Error('?'), { $metadata: metadata }))).toBe('passing');
    },
  );

  test('keeps the name of the call, the name of the error, its words and the error', async () => {
    const error = awsError('ConflictException', 'Job name is in use', 400);
    await expect(awsCall('CreateModelImportJob', failing(error))).rejects.toMatchObject({
      call: 'CreateModelImportJob',
      message: 'ConflictException: Job name is in use',
      cause: error,
    });
  });

  test('keeps nothing else of the request: no signature, header or token', async () => {
    const request = { headers: { authorization: 'AWS4-HMAC-SHA256 secret' }, body: 'secret' };
    const error = Object.assign(awsError('AccessDeniedException', 'no', 403), {
      $response: request,
      $request: request,
    });
    const failed: unknown = await awsCall('AnyCall', failing(error)).catch((thrown: unknown) => thrown);
    expect(failed).toBeInstanceOf(CallFailed);
    expect(`${JSON.stringify(failed)}${String(failed)}`).not.toContain('secret');
  });

  test.each([
    new TypeError('a bug'),
    new RangeError('a bug'),
    new Unreadable('config.json', 'is too large'),
    'no error',
  ])('passes on what no service said: %s', async (bug) => {
    await expect(awsCall('AnyCall', failing(bug))).rejects.toBe(bug);
  });
});

test('a call that succeeds gives its value', async () => {
  await expect(awsCall('AnyCall', () => Promise.resolve(7))).resolves.toBe(7);
});

describe('what may be missing', () => {
  const call = (name: string) => () => awsCall('AnyCall', failing(awsError(name, 'no', 404)));

  test('is undefined when the service has no such thing', async () => {
    await expect(unlessMissing(call('ResourceNotFoundException'))).resolves.toBeUndefined();
  });

  test('fails for every other reason', async () => {
    await expect(unlessMissing(call('ValidationException'))).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('is not told by an error that is no answer of a service', async () => {
    const error = awsError('ResourceNotFoundException', 'no', 404);
    await expect(unlessMissing(failing(error))).rejects.toBe(error);
  });
});
