import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../../lib';

/** A model of a local Hub. Context: `endpoint`, `repository`, `revision`, and `bucket` for one that is given. */
const app = new App();
const context = (name: string) => String(app.node.getContext(name));
const stack = new Stack(app, 'HuggingFace', { env: { region: 'us-east-1' } });
const given = app.node.tryGetContext('bucket') as unknown;
const bucket = typeof given === 'string' ? Bucket.fromBucketName(stack, 'Given', given) : undefined;
const model = new GptOssImportedModel(stack, 'Model', {
  source: ModelSource.huggingFace(context('repository'), {
    revision: context('revision'),
    endpoint: context('endpoint'),
    bucket,
  }),
});
new CfnOutput(stack, 'ModelArn', { value: model.modelArn });
new CfnOutput(stack, 'Bucket', { value: model.weightsBucket.bucketName });
new CfnOutput(stack, 'Prefix', { value: model.weightsPrefix });
