import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Caller } from './account';
import type { Aws } from './outside';

/** Needs no permission. */
export async function callerOf(aws: Aws, client = new STSClient(aws)): Promise<Caller> {
  const { Account: account = '', Arn: arn = '' } = await client.send(new GetCallerIdentityCommand({}));
  return { account, arn };
}
