import { IResource } from 'aws-cdk-lib';
import { IModel } from 'aws-cdk-lib/aws-bedrock';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';

/** A GPT-OSS model that was imported into Amazon Bedrock, by this app or elsewhere. */
export interface IGptOssImportedModel extends IResource, IModel {
  /**
   * Lets somebody invoke the model: `bedrock:InvokeModel` and `bedrock:InvokeModelWithResponseStream` on exactly its
   * ARN, and decryption if its key is known.
   *
   * @param grantee a role, user or function of the model's account
   * @throws if the grantee is of another account or can't take a policy: imported models have no resource policy
   */
  grantInvoke(grantee: IGrantable): Grant;
}

/** What identifies a model that was imported elsewhere. */
export interface GptOssImportedModelAttributes {
  /** `arn:aws:bedrock:<region>:<account>:imported-model/<id>` */
  readonly modelArn: string;

  /**
   * The key that the model is encrypted with, so that `grantInvoke` lets the grantee decrypt.
   *
   * @default - no key of your own, or decryption is allowed otherwise
   */
  readonly modelKey?: IKey;
}
