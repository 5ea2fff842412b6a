import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { parsePolicy, type PolicyDocument } from './policy';
import type { Role, Roles } from './ports';

/** Roles in the IAM behind an endpoint on this machine. */
export class IamRoles implements Roles {
  constructor(private readonly client: IAMClient) {}

  async find(roleArn: string): Promise<Role | undefined> {
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    try {
      const { Role: role } = await this.client.send(new GetRoleCommand({ RoleName: name }));
      if (role?.Arn !== roleArn) return undefined;
      return {
        arn: roleArn,
        createdAt: role.CreateDate?.getTime() ?? 0,
        trust: decodePolicy(role.AssumeRolePolicyDocument, `the trust policy of role ${name}`),
        policies: [...(await this.#inline(name)), ...(await this.#attached(name))],
      };
    } catch (error) {
      // Deleted before or while it was read.
      if (error instanceof NoSuchEntityException) return undefined;
      throw error;
    }
  }

  async #inline(role: string): Promise<PolicyDocument[]> {
    const policies: PolicyDocument[] = [];
    for await (const page of paginateListRolePolicies({ client: this.client }, { RoleName: role })) {
      for (const name of page.PolicyNames ?? []) {
        const answer = await this.client.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
        policies.push(decodePolicy(answer.PolicyDocument, `policy ${name} of role ${role}`));
      }
    }
    return policies;
  }

  async #attached(role: string): Promise<PolicyDocument[]> {
    const policies: PolicyDocument[] = [];
    for await (const page of paginateListAttachedRolePolicies({ client: this.client }, { RoleName: role })) {
      for (const { PolicyArn } of page.AttachedPolicies ?? []) {
        const { Policy } = await this.client.send(new GetPolicyCommand({ PolicyArn }));
        const answer = await this.client.send(
          new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
        );
        policies.push(decodePolicy(answer.PolicyVersion?.Document, `policy ${PolicyArn ?? ''}`));
      }
    }
    return policies;
  }
}

/** IAM answers with percent-encoded JSON; MiniStack with either. A raw policy begins with '{', an encoded one with '%7B'. */
function decodePolicy(document: string | undefined, what: string): PolicyDocument {
  const text = document ?? '';
  return parsePolicy(text.trimStart().startsWith('%') ? decodeURIComponent(text) : text, what);
}
