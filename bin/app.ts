import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GptOssImportedModel, ModelSource, WeightsBucket } from '../lib';

/** What `cdk deploy` in this repository deploys: one model, in a bucket that goes with the stack. */
export class DemoStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { region: 'us-east-1' } });
    const bucket = new WeightsBucket(this, 'Weights', { removalPolicy: RemovalPolicy.DESTROY });
    const model = new GptOssImportedModel(this, 'Model', { source: ModelSource.upload({ bucket }) });
    new CfnOutput(this, 'ModelArn', { value: model.modelArn });
  }
}

if (require.main === module) new DemoStack(new App(), 'GptOssDemo');
