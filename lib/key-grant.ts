import { Resource, Stack } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * Lets somebody use a key. The policy of a key in a stack of another account or Region is its owner's to write: the
 * CDK's own grant would write to it, and allow the grantee the actions on every key.
 */
export function keyGrant(key: IKey, grantee: IGrantable, ...actions: string[]): Grant {
  const user = grantee.grantPrincipal;
  if (!Construct.isConstruct(user) || Stack.of(user).environment === Stack.of(key).environment) {
    return key.grant(grantee, ...actions);
  }
  requireImported(key, Stack.of(user));
  return Grant.addToPrincipal({ grantee, actions, resourceArns: [key.keyArn] });
}

/** Keys have no names that could be known before they are made. */
function requireImported(key: IKey, here: Stack): void {
  if (Resource.isOwnedResource(key)) {
    throw new Error(
      `the key ${key.node.path} is made in ${Stack.of(key).environment}, and its ARN is not known in ${here.environment}, the environment of stack '${here.node.path}'; deploy it first, and refer to it with Key.fromKeyArn(this, 'Key', 'arn:aws:kms:…')`,
    );
  }
}
