import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { Forbidden } from '../../../lambda/hub-copier/outside';
import { readToken } from '../../../lambda/hub-copier/secrets-manager';
import { HubError } from '../../../weights/hub/hub-error';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-AbCdEf';
const client = mockClient(SecretsManagerClient);
beforeEach(() => client.reset());

test('reads the text of a secret', async () => {
  client.on(GetSecretValueCommand, { SecretId: ARN }).resolves({ SecretString: 'hf_token\n' });
  expect(await readToken(ARN)).toBe('hf_token\n');
});

test.each([undefined, '', ' \n'])('fails for a secret without a text (%j)', async (text) => {
  client.on(GetSecretValueCommand).resolves({ SecretString: text });
  await expect(readToken(ARN)).rejects.toThrow(
    `secret ${ARN} has no text; store the token itself in it, as plain text`,
  );
});

test.each(['{"token":"hf_secret"}', ' {"token":\n"hf_secret"}'])(
  'fails for a secret of keys and values',
  async (text) => {
    client.on(GetSecretValueCommand).resolves({ SecretString: text });
    const failure: unknown = await readToken(ARN).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(HubError);
    expect(String(failure)).toContain('store the token itself, as plain text, not as key/value');
    expect(String(failure)).not.toContain('hf_secret');
  },
);

const refused = async (name: string, httpStatusCode?: number) => {
  const metadata = httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } };
  client.on(GetSecretValueCommand).rejects(Object.assign(new Error('hf_token'), { name, ...metadata }));
  const failure: unknown = await readToken(ARN).catch((reason: unknown) => reason);
  expect(String(failure)).toContain(`could not read the secret ${ARN}: ${name}`);
  expect(String(failure)).not.toContain('hf_token');
  return failure;
};

test('fails in our words, by the name of the error alone, when the secret may not be read', async () => {
  expect(await refused('AccessDeniedException', 400)).toBeInstanceOf(Forbidden);
});

test.each(['ResourceNotFoundException', 'InvalidRequestException', 'DecryptionFailure'])(
  'fails for good when there is no secret to read (%s)',
  async (name) => {
    expect(await refused(name, 400)).toMatchObject({ kind: 'denied' });
  },
);

test.each([
  ['ThrottlingException', 400],
  ['InternalServiceError', 500],
  ['ECONNRESET', undefined],
  ['TimeoutError', undefined],
])('fails, as no denial and for the state machine to repeat, on %s', async (name, status) => {
  const failure = await refused(name, status);
  expect(failure).not.toBeInstanceOf(HubError);
  expect(failure).not.toBeInstanceOf(Forbidden);
});

test('fails with the reason for which it was ended', async () => {
  client.on(GetSecretValueCommand).rejects(Object.assign(new Error('aborted'), { name: 'AbortError' }));
  const late = new HubError('busy', 'the time is up');
  await expect(readToken(ARN, AbortSignal.abort(late))).rejects.toBe(late);
});
