import { GetRoleCommand, IAMClient, paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import type { Caller } from './account';
import type { Aws } from './outside';

/** Asks IAM's simulator, which reads policies and calls nothing. Policies with conditions may decide otherwise. */
export async function iamDenied(
  { arn }: Caller,
  actions: readonly string[],
  aws: Aws,
  client = new IAMClient(aws),
): Promise<string[]> {
  // the simulator has no answer for the root user, whom no policy of the account binds
  if (arn.endsWith(':root')) return [];
  const request = { PolicySourceArn: await principalOf(arn, client), ActionNames: [...actions] };
  const denied: string[] = [];
  for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy({ client }, request)) {
    for (const { EvalActionName = '', EvalDecision } of EvaluationResults) {
      if (EvalDecision !== 'allowed') denied.push(EvalActionName);
    }
  }
  return denied;
}

/** A session's ARN lacks the path of its role, which those of single sign-on have. */
async function principalOf(arn: string, client: IAMClient): Promise<string> {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) return arn;
  const { Role } = await client.send(new GetRoleCommand({ RoleName: role }));
  return Role?.Arn ?? arn;
}
