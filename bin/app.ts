import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GptOssImportedModel, ModelSource, WeightsBucket } from '../lib';

/**
 * What `cdk deploy` in this repository deploys: one model, in a bucket that goes with the stack. Context: `repository`,
 * `revision` and `endpoint` of a Hugging Face Hub, for weights that are copied from there instead of uploaded.
 */
export class DemoStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { region: 'us-east-1' } });
    const bucket = new WeightsBucket(this, 'Weights', { removalPolicy: RemovalPolicy.DESTROY });
    const model = new GptOssImportedModel(this, 'Model', { source: demoSource(this, bucket) });
    new CfnOutput(this, 'ModelArn', { value: model.modelArn });
  }
}

function demoSource(stack: Stack, bucket: WeightsBucket): ModelSource {
  const context = (name: string) => stack.node.tryGetContext(name) as string | undefined;
  const repository = context('repository');
  if (repository === undefined) return ModelSource.upload({ bucket });
  return ModelSource.huggingFace(repository, {
    revision: context('revision'),
    endpoint: context('endpoint'),
    bucket,
  });
}

if (require.main === module) new DemoStack(new App(), 'GptOssDemo');
