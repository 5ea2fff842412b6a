import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { GptOssImportedModel } from '../../../lib';

/** A model with every default: it makes its bucket and waits for the upload. */
const stack = new Stack(new App(), 'Default', { env: { region: 'us-east-1' } });
const model = new GptOssImportedModel(stack, 'Model');
new CfnOutput(stack, 'ModelArn', { value: model.modelArn });
