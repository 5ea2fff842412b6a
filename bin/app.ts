import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { GptOssImportedModel, ModelSource, WeightsBucket } from '../lib';

const app = new App();
const stack = new Stack(app, 'GptOssDemo', { env: { region: 'us-east-1' } });
const bucket = new WeightsBucket(stack, 'Weights', { removalPolicy: RemovalPolicy.DESTROY });
const model = new GptOssImportedModel(stack, 'Model', { source: ModelSource.upload({ bucket }) });
new CfnOutput(stack, 'ModelArn', { value: model.modelArn });
