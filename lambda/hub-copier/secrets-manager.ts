import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** The token for the Hub: the secret's text as it is. @throws in words of ours, for the service's may hold more */
export async function readToken(secretArn: string, client = new SecretsManagerClient()): Promise<string> {
  const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  if (text.trim() === '')
    throw new Error(`secret ${secretArn} has no text; store the token itself in it, as plain text`);
  return text;
}
