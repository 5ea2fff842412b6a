import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../../lib';

/** A model that a lock file pins. Context: `bucket`, and `lock`, the file's path. */
const app = new App();
const context = (name: string) => String(app.node.getContext(name));
const stack = new Stack(app, 'Locked', { env: { region: 'us-east-1' } });
const bucket = Bucket.fromBucketName(stack, 'Bucket', context('bucket'));
const model = new GptOssImportedModel(stack, 'Model', { source: ModelSource.lockFile(context('lock'), { bucket }) });
new CfnOutput(stack, 'ModelArn', { value: model.modelArn });
