import { Arn, ArnFormat, Resource, Token } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { GptOssImportedModelAttributes, IGptOssImportedModel } from './imported-model';
import { invokeGrant } from './invoke-grant';
import { checkedProps } from './prop-kinds';

/** A model that this stack refers to and doesn't make. */
export class ReferredModel extends Resource implements IGptOssImportedModel {
  /** ARN to invoke the model with. */
  public readonly modelArn: string;
  private readonly modelKey?: IKey;

  constructor(scope: Construct, id: string, props: GptOssImportedModelAttributes) {
    const { modelArn, modelKey } = checkedProps('props', props, "{ modelArn: 'arn:…' }", 'modelArn');
    requireModelArn(modelArn);
    super(scope, id, { environmentFromArn: modelArn });
    this.modelArn = modelArn;
    this.modelKey = modelKey;
  }

  public grantInvoke(grantee: IGrantable): Grant {
    return invokeGrant(this, grantee, this.modelKey);
  }
}

function requireModelArn(arn: string): void {
  if (Token.isUnresolved(arn)) {
    return;
  }
  const isArn = arn.startsWith('arn:') && arn.split(':').length === 6;
  const { service, resource, resourceName } = isArn ? Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME) : {};
  if (service !== 'bedrock' || resource !== 'imported-model' || !resourceName) {
    throw new Error(
      `'modelArn' must be the ARN of an imported model, got '${arn}'; it looks like arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdef123456`,
    );
  }
}
