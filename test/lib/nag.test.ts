import { Stack, Validations } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GptOss, GptOssImportedModel, GptOssImportProvider, ModelSource, WeightsBucket } from '../../lib';
import { testApp, VIRGINIA } from './apps';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

/** What cdk-nag has to say about a stack, as '<rule> <construct>'. */
function findings(build: (stack: Stack) => void): string[] {
  // without this context a finding sets the exit code of the whole test run
  const app = testApp({ '@aws-cdk/core:failSynthOnValidationErrors': false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  build(new Stack(app, 'Models', { env: VIRGINIA }));
  const file = join(app.synth().directory, 'validation-report.json');
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return pluginReports
    .flatMap((plugin) => plugin.violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

/** The report says on stderr that it is being written. */
beforeEach(() => {
  jest.spyOn(console, 'error').mockReturnValue();
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('a first model leaves one finding, which its user can decide about: access logs of the weights bucket', () => {
  const found = findings((stack) => {
    new GptOssImportedModel(stack, 'Model');
  });

  expect(found).toEqual(['AwsSolutions-S1 Models/Model/Weights/Resource']);
});

test('a model of Hugging Face leaves the same one', () => {
  const found = findings((stack) => {
    new GptOssImportedModel(stack, 'Model', { source: ModelSource.gptOss(GptOss.GPT_OSS_20_B) });
  });

  expect(found).toEqual(['AwsSolutions-S1 Models/Model/Weights/Resource']);
});

test('a bucket with access logs leaves none', () => {
  const found = findings((stack) => {
    const logs = Bucket.fromBucketName(stack, 'Logs', 'access-logs');
    const bucket = new WeightsBucket(stack, 'Weights', { serverAccessLogsBucket: logs });
    new GptOssImportedModel(stack, 'Model', { source: ModelSource.upload({ bucket }) });
  });

  expect(found).toEqual([]);
});

test('neither do VPCs, keys and a bucket of another stack', () => {
  const found = findings((stack) => {
    const weights = new Stack(stack, 'Weights', { env: VIRGINIA });
    const bucket = new WeightsBucket(weights, 'Bucket', {
      serverAccessLogsBucket: Bucket.fromBucketName(weights, 'Logs', 'access-logs'),
      encryptionKey: new Key(weights, 'Key', { enableKeyRotation: true }),
    });
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: ['subnet-1'],
    });
    GptOssImportProvider.getOrCreate(stack, { vpc });
    new GptOssImportedModel(stack, 'Model', {
      source: ModelSource.s3(bucket, 'med/v3/'),
      modelKey: new Key(stack, 'ModelKey', { enableKeyRotation: true }),
      importVpc: vpc,
    });
  });

  expect(found).toEqual([]);
});

test("roles that are given are their owner's to explain", () => {
  const found = findings((stack) => {
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
    const handlerRole = new Role(stack, 'HandlerRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    GptOssImportProvider.getOrCreate(stack, { handlerRole });
    new GptOssImportedModel(stack, 'Model', {
      source: ModelSource.s3(bucket, 'med/v3/'),
      importRole: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('bedrock.amazonaws.com') }),
    });
  });

  expect(found).toContain('AwsSolutions-IAM5[Resource::*] Models/HandlerRole/DefaultPolicy/Resource');
  expect(found.filter((finding) => !/ Models\/(Handler)?Role\//.test(finding))).toEqual([]);
});
