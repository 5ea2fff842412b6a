import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { GptOssImportedModel, ModelSource } from '../../../lib';

/**
 * A model of a local Hub. Context: `endpoint`, `repository`, `revision`; `bucket` for one that is given, `secret` for the
 * name of the token's, `copierSeconds` for a copying function that has no quarter of an hour.
 */
const app = new App();
const context = (name: string) => String(app.node.getContext(name));
const stack = new Stack(app, 'HuggingFace', { env: { region: 'us-east-1' } });
const given = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
};
const [bucketName, secretName, copierSeconds] = [given('bucket'), given('secret'), given('copierSeconds')];
const model = new GptOssImportedModel(stack, 'Model', {
  source: ModelSource.huggingFace(context('repository'), {
    revision: context('revision'),
    endpoint: context('endpoint'),
    ...(bucketName !== undefined && { bucket: Bucket.fromBucketName(stack, 'Given', bucketName) }),
    ...(secretName !== undefined && { tokenSecret: Secret.fromSecretNameV2(stack, 'Token', secretName) }),
  }),
});
if (copierSeconds !== undefined) {
  const copier = model.node.findAll().find((child) => child instanceof CfnFunction);
  if (!copier) throw new Error('the model has no copying function');
  copier.timeout = Number(copierSeconds);
}
new CfnOutput(stack, 'ModelArn', { value: model.modelArn });
new CfnOutput(stack, 'Bucket', { value: model.weightsBucket.bucketName });
new CfnOutput(stack, 'Prefix', { value: model.weightsPrefix });
