import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { isObject } from '../../weights/json';
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
    const { commit, why, early, errorMessage } = isObject(answer) ? answer : {};
    const brokeOff = FunctionError !== undefined;
    if (typeof commit === 'string' && !brokeOff) return commit;
    const reason = [why, errorMessage].find((text) => typeof text === 'string') ?? 'no reason was given';
    const kind = brokeOff ? 'passing' : early === true ? 'denied' : 'invalid';
    throw new UnknownRevision(`Revision '${revision}' of ${repository} could not be resolved: ${reason}`, kind);
  };
}
