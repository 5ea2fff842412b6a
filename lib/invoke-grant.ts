import { Token } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IGptOssImportedModel } from './imported-model';
import { keyGrant } from './key-grant';

/** Lets somebody of the model's account invoke it. */
export function invokeGrant(model: IGptOssImportedModel, grantee: IGrantable, modelKey?: IKey): Grant {
  requireSameAccount(model, grantee);
  const grant = Grant.addToPrincipal({
    grantee,
    actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    resourceArns: [model.modelArn],
  });
  if (!grant.success) {
    throw new Error(
      `'grantee' of grantInvoke on ${model.node.path} can't take a policy, and imported models have no resource policy; pass a role, user or function of this app`,
    );
  }
  return modelKey ? grant.combine(keyGrant(modelKey, grantee, 'kms:Decrypt')) : grant;
}

function requireSameAccount(model: IGptOssImportedModel, grantee: IGrantable): void {
  const here = model.env.account;
  const there = grantee.grantPrincipal.principalAccount;
  if (there !== undefined && !Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there) {
    throw new Error(
      `'grantee' of grantInvoke on ${model.node.path} is of account ${there} and the model of ${here}, and imported models have no resource policy; make a role in ${here} that may invoke the model, and let the grantee assume it`,
    );
  }
}
