import { storeError } from '../../../weights/transfer/s3-failure';

const named = (name: string, status = 400) =>
  Object.assign(new Error('said so'), { name, $metadata: { httpStatusCode: status } });

test.each([
  ['SlowDown', 'busy'],
  ['RequestTimeout', 'busy'],
  ['BadDigest', 'damaged'],
  ['ExpiredToken', 'expired'],
  ['AccessDenied', 'forbidden'],
  ['NoSuchKey', 'missing'],
  ['NoSuchUpload', 'lost'],
  ['InvalidPart', 'lost'],
  ['PreconditionFailed', 'changed'],
  ['EntityTooLarge', 'refused'],
  ['CredentialsProviderError', 'expired'],
] as const)('%s is %s', (name, failure) => {
  expect(storeError(named(name), 'send it')).toMatchObject({ failure, code: name });
});

test('a failure says what could not be done, and what to do where somebody must', () => {
  expect(storeError(named('ExpiredToken'), 'send part 3 of s3://b/k').message).toBe(
    'could not send part 3 of s3://b/k: ExpiredToken: said so ' +
      '(the credentials are no longer valid: renew them and run again, what has been sent stays)',
  );
});

test('credentials that are not found are not said to be too old', () => {
  expect(storeError(named('CredentialsProviderError'), 'send it').message).toBe(
    'could not send it: CredentialsProviderError: said so',
  );
});

test.each([
  [400, 'busy'],
  [403, 'forbidden'],
  [404, 'missing'],
  [503, 'busy'],
  [409, 'refused'],
] as const)('an answer of %d without a name is %s', (status, failure) => {
  expect(storeError(named('Unknown', status), 'look at it')).toMatchObject({
    failure,
    message: expect.stringMatching(new RegExp(`^could not look at it: the answer was ${status}`)) as unknown,
  });
});

test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])(
  'a connection that ends by %s is cut',
  (code) => {
    expect(storeError(Object.assign(new Error('socket'), { code }), 'send it')).toMatchObject({ failure: 'cut', code });
  },
);

test('a connection that hangs up is cut, and one that times out', () => {
  expect(storeError(new Error('socket hang up'), 'send it').failure).toBe('cut');
  expect(storeError(Object.assign(new Error('idle'), { name: 'TimeoutError' }), 'send it').failure).toBe('cut');
});

test('a failure of which the SDK keeps only the text is known by that', () => {
  const wrapped = new Error('AWS SDK error wrapper for TimeoutError: read ECONNRESET');
  expect(storeError(wrapped, 'send it').failure).toBe('cut');
  expect(storeError(new Error('AWS SDK error wrapper for Error: odd'), 'send it').failure).toBe('refused');
});

test('an error of our own is no mood of the server', () => {
  expect(storeError(new TypeError('x is not a function'), 'send it')).toMatchObject({ failure: 'refused' });
});
