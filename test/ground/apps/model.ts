import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../../lib';

/**
 * A model made of weights that are in S3 already, and a stack of another team that uses it.
 * Context: `bucket`, `prefix`, and `team` for a tag.
 */
const app = new App();
const context = (name: string) => String(app.node.getContext(name));
const env = { region: 'us-east-1' };

const maker = new Stack(app, 'Maker', { env });
const bucket = Bucket.fromBucketName(maker, 'Bucket', context('bucket'));
const model = new GptOssImportedModel(maker, 'Model', { source: ModelSource.s3(bucket, context('prefix')) });
model.publish('/ground/model');
Tags.of(maker).add('team', context('team'));
new CfnOutput(maker, 'ModelArn', { value: model.modelArn });

const user = new Stack(app, 'User', { env });
const used = GptOssImportedModel.fromParameter(user, 'Model', '/ground/model');
used.grantInvoke(new Role(user, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
new CfnOutput(user, 'ModelArn', { value: used.modelArn });
