import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsCall } from '../imported-model/aws-call';
import { UnknownRevision } from './port';
import type { WantedCopy } from './request';

/**
 * A revision is resolved in seconds; a Hub that asks for more patience fails the deployment. `onEvent` has 60 s, and may
 * have waited for 20 of them before this call.
 */
const TIMEOUTS = { connectionTimeout: 2000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/** Asks the copying function what a branch or a tag is now: it has the network and the token for the Hub. */
export function hubRevisions(client = new LambdaClient({ maxAttempts: 1, requestHandler: TIMEOUTS })) {
  return async ({ copierArn, repository, revision, endpoint, tokenSecretArn }: WantedCopy): Promise<string> => {
    const task = { step: 'resolve', copy: { repository, revision, endpoint, tokenSecretArn } };
    const command = new InvokeCommand({ FunctionName: copierArn, Payload: JSON.stringify(task) });
    const { Payload, FunctionError } = await awsCall('Invoke', () => client.send(command));
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || '{}');
    const { commit, why, errorMessage } = Object(answer) as Record<string, unknown>;
    if (typeof commit === 'string' && FunctionError === undefined) return commit;
    const reason =
      typeof why === 'string' ? why : typeof errorMessage === 'string' ? errorMessage : 'no reason was given';
    throw new UnknownRevision(`Revision '${revision}' of ${repository} could not be resolved: ${reason}`);
  };
}
