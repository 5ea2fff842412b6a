import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
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

test('fails in our words, by the name of the error alone, when the secret may not be read', async () => {
  const error = Object.assign(new Error('hf_token'), { name: 'AccessDeniedException' });
  client.on(GetSecretValueCommand).rejects(error);
  const failure: unknown = await readToken(ARN).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(HubError);
  expect(String(failure)).toContain(`could not read the secret ${ARN}: AccessDeniedException`);
  expect(String(failure)).not.toContain('hf_token');
});
