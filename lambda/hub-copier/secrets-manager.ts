import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { HubError } from '../../weights/hub/hub-error';

/** A revision has to be resolved in twenty seconds, and this comes before. */
const CALM = { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true };

/**
 * The token for the Hub: the secret's text as it is.
 *
 * @throws HubError, denied, in words of ours: the service's own may hold more
 */
export async function readToken(
  secretArn: string,
  abortSignal?: AbortSignal,
  client = new SecretsManagerClient({ requestHandler: CALM }),
): Promise<string> {
  const { SecretString: text = '' } = await client
    .send(new GetSecretValueCommand({ SecretId: secretArn }), { ...(abortSignal && { abortSignal }) })
    .catch((error: unknown) => {
      const name = error instanceof Error ? error.name : 'unknown';
      throw new HubError(
        'denied',
        `could not read the secret ${secretArn}: ${name}; see the policies of it and its key`,
      );
    });
  if (text.trim() === '') {
    throw new HubError('denied', `secret ${secretArn} has no text; store the token itself in it, as plain text`);
  }
  return text;
}
