import { CfnDeletionPolicy, CfnResource, RemovalPolicy } from 'aws-cdk-lib';

/**
 * Retaining keeps the model of a stack that is deleted, but neither failed creates nor replaced versions, which would
 * fill the account's quota of three models.
 */
export function applyModelRemovalPolicy(model: CfnResource, policy: RemovalPolicy): void {
  switch (policy) {
    case RemovalPolicy.SNAPSHOT:
      throw new Error(
        `'removalPolicy' SNAPSHOT is given, but imported models have no snapshots; use RETAIN or DESTROY`,
      );
    case RemovalPolicy.RETAIN:
    case RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE:
      model.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
      break;
    case RemovalPolicy.DESTROY:
      model.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      break;
  }
  model.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
}
