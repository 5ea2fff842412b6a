import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { HubError } from '../../weights/hub/hub-error';
import { awsCall } from '../imported-model/aws-call';
import { CallFailed } from '../imported-model/port';
import { Forbidden } from './outside';

/** A revision has to be resolved in twenty seconds, and this comes before. */
const CALM = { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true };

/**
 * The token for the Hub: the secret's text as it is.
 *
 * @throws Forbidden when AWS does not allow it; HubError, denied, when there is no token in it; Error when the service was
 *   busy or did not answer. All in words of ours: the service's own may hold more
 */
export async function readToken(
  secretArn: string,
  abortSignal?: AbortSignal,
  client = new SecretsManagerClient({ requestHandler: CALM }),
): Promise<string> {
  const command = new GetSecretValueCommand({ SecretId: secretArn });
  const options = abortSignal ? { abortSignal } : {};
  const answer = await awsCall('GetSecretValue', () => client.send(command, options)).catch((error: unknown) => {
    abortSignal?.throwIfAborted();
    throw error instanceof CallFailed ? notRead(secretArn, error) : error;
  });
  const { SecretString: text = '' } = answer;
  if (text.trim() === '') {
    throw new HubError('denied', `secret ${secretArn} has no text; store the token itself in it, as plain text`);
  }
  if (text.trimStart().startsWith('{')) {
    const remedy = 'store the token itself, as plain text, not as key/value';
    throw new HubError('denied', `secret ${secretArn} holds an object, and no token; ${remedy}`);
  }
  return text;
}

function notRead(secretArn: string, { kind, cause }: CallFailed): Error {
  const name = cause instanceof Error ? cause.name : 'unknown';
  const problem = `could not read the secret ${secretArn}: ${name}`;
  if (kind === 'passing') return new Error(`${problem}; it passes by itself`);
  if (kind === 'denied') return new Forbidden(`${problem}; see the policies of it and its key`);
  return new HubError('denied', `${problem}; see that it is there, and its key`);
}
