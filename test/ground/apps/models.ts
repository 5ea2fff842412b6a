import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../../lib';

/**
 * Stacks of any number of models. Context: `bucket`, and `stacks` as `Stack:Id=prefix/,Id=prefix/ Stack:…`; a prefix
 * with a `!` behind it is of a model that is retained.
 */
const app = new App();
const context = (name: string) => String(app.node.getContext(name));

for (const description of context('stacks').split(' ')) {
  const [name = '', models = ''] = description.split(':');
  const stack = new Stack(app, name, { env: { region: 'us-east-1' } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', context('bucket'));
  for (const model of models.split(',')) {
    const [id = '', place = ''] = model.split('=');
    const { modelArn } = new GptOssImportedModel(stack, id, {
      source: ModelSource.s3(bucket, place.replace('!', '')),
      removalPolicy: place.endsWith('!') ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    new CfnOutput(stack, `${id}Arn`, { value: modelArn });
  }
}
