import { Fn, NestedStack, Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { GptOssImportedModel, GptOssImportedModelProps } from '../../lib';
import { resourcesOf, testStack, theOnly, VIRGINIA } from './apps';

function vpcWith(scope: Construct, subnets: number): IVpc {
  return Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: Array.from({ length: subnets }, (_, index) => `subnet-${index + 1}`),
    privateSubnetRouteTableIds: Array.from({ length: subnets }, (_, index) => `rtb-${index + 1}`),
  });
}

const group = (scope: Construct, id: string) => SecurityGroup.fromSecurityGroupId(scope, id, `sg-${id}`);

function networkOf(propsOf: (scope: Construct) => GptOssImportedModelProps): unknown[] {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', propsOf(stack));
  const { SubnetIds, SecurityGroupIds } = theOnly(stack, 'Custom::BedrockImportedModel').Properties;
  return [SubnetIds, SecurityGroupIds];
}

test('there is none without a VPC', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');

  const { Properties } = theOnly(stack, 'Custom::BedrockImportedModel');
  expect(Properties).not.toHaveProperty('SubnetIds');
  expect(Properties).not.toHaveProperty('SecurityGroupIds');
  expect(resourcesOf(stack, 'AWS::EC2::SecurityGroup')).toEqual({});
});

test('a VPC alone gives its private subnets and a security group that lets nothing in', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', { importVpc: vpcWith(stack, 2) });

  const [id] = Object.keys(resourcesOf(stack, 'AWS::EC2::SecurityGroup'));
  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties).toMatchObject({
    SubnetIds: ['subnet-1', 'subnet-2'],
    SecurityGroupIds: [{ 'Fn::GetAtt': [id, 'GroupId'] }],
  });
  expect(theOnly(stack, 'AWS::EC2::SecurityGroup').Properties).not.toHaveProperty('SecurityGroupIngress');
});

test('subnets and security groups can be chosen', () => {
  expect(
    networkOf((scope) => ({
      importVpc: Vpc.fromVpcAttributes(scope, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['us-east-1a'],
        privateSubnetIds: ['subnet-p'],
        isolatedSubnetIds: ['subnet-i'],
      }),
      importSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      importSecurityGroups: [group(scope, 'a'), group(scope, 'b')],
    })),
  ).toEqual([['subnet-i'], ['sg-a', 'sg-b']]);
});

test('takes 16 subnets, and a list of them that is known at deploy time only', () => {
  const [subnetIds] = networkOf((scope) => ({ importVpc: vpcWith(scope, 16) }));
  expect(subnetIds).toHaveLength(16);

  const [imported] = networkOf((scope) => ({
    importVpc: Vpc.fromVpcAttributes(scope, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: [Fn.importValue('Subnet')],
    }),
  }));
  expect(imported).toEqual([{ 'Fn::ImportValue': 'Subnet' }]);
});

describe('a VPC that is deployed with the model', () => {
  /** Isolated subnets, for one availability zone. */
  const isolated = (stack: Stack) =>
    new Vpc(stack, 'Vpc', {
      maxAzs: 1,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });

  /** Logical ids that the model waits for, without hashes. */
  const waitedFor = (stack: Stack) =>
    theOnly(stack, 'Custom::BedrockImportedModel').DependsOn?.map((id) => id.replace(/[0-9A-F]{8}$/, ''));

  test('has its routes to the internet before the import begins', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model', { importVpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }) });

    expect(waitedFor(stack)).toEqual(
      expect.arrayContaining([
        'VpcPrivateSubnet1DefaultRoute',
        'VpcPrivateSubnet1RouteTableAssociation',
        'ModelImportSecurityGroup',
      ]),
    );
  });

  test.each([
    ['', VIRGINIA],
    [', in a Region that is known at deploy time only', {}],
  ])('has its endpoints for S3 before, also those that it gets after the model%s', (_, env) => {
    const stack = testStack({ env });
    const vpc = isolated(stack);
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    new GptOssImportedModel(stack, 'Model', { importVpc: vpc });
    vpc.addInterfaceEndpoint('S3Interface', { service: InterfaceVpcEndpointAwsService.S3 });

    expect(waitedFor(stack)).toEqual(
      expect.arrayContaining(['VpcS3', 'VpcS3Interface', 'VpcIsolatedSubnet1RouteTableAssociation']),
    );
  });

  test('may have an endpoint for Bedrock whose policy names the model, and so waits for it', () => {
    const stack = testStack();
    const vpc = isolated(stack);
    const model = new GptOssImportedModel(stack, 'Model', { importVpc: vpc });
    vpc.addInterfaceEndpoint('Bedrock', { service: InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME }).addToPolicy(
      new PolicyStatement({
        actions: ['bedrock:InvokeModel'],
        resources: [model.modelArn],
        principals: [new AnyPrincipal()],
      }),
    );

    // refuses circular dependencies
    expect(waitedFor(stack)).not.toContain('VpcBedrock');
  });

  test("has the rules of the job's security groups before", () => {
    const stack = testStack();
    const vpc = isolated(stack);
    const group = new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    group.connections.allowTo(new SecurityGroup(stack, 'Endpoint', { vpc }), Port.HTTPS);
    new GptOssImportedModel(stack, 'Model', { importVpc: vpc, importSecurityGroups: [group] });

    expect(waitedFor(stack)).toContainEqual(expect.stringMatching(/^GrouptoModelsEndpoint/));
  });

  test('may be in the stack around a nested one, which then waits', () => {
    const parent = testStack();
    const vpc = isolated(parent);
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    new GptOssImportedModel(new NestedStack(parent, 'Nested'), 'Model', { importVpc: vpc });

    expect(theOnly(parent, 'AWS::CloudFormation::Stack').DependsOn).toContainEqual(expect.stringMatching(/^VpcS3/));
  });
});

test('an endpoint that is deployed with the model is waited for in a VPC that exists', () => {
  const stack = testStack();
  const vpc = vpcWith(stack, 1);
  new GptOssImportedModel(stack, 'Model', { importVpc: vpc });
  new GatewayVpcEndpoint(stack, 'Own', { vpc, service: GatewayVpcEndpointAwsService.S3 });
  const other = Vpc.fromVpcAttributes(stack, 'Other', {
    vpcId: 'vpc-2',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: ['subnet-9'],
    privateSubnetRouteTableIds: ['rtb-9'],
  });
  new GatewayVpcEndpoint(stack, 'OfOther', { vpc: other, service: GatewayVpcEndpointAwsService.S3 });

  const { DependsOn } = theOnly(stack, 'Custom::BedrockImportedModel');
  expect(DependsOn).toContainEqual(expect.stringMatching(/^Own/));
  expect(DependsOn).not.toContainEqual(expect.stringMatching(/^OfOther/));
});

test.each<[string, (scope: Construct) => GptOssImportedModelProps, string]>([
  [
    'subnets without a VPC',
    () => ({ importSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }),
    "'importSubnets' needs 'importVpc', which is not given; pass the VPC too, or leave 'importSubnets' out",
  ],
  [
    'security groups without a VPC',
    (scope) => ({ importSecurityGroups: [group(scope, 'a')] }),
    "'importSecurityGroups' needs 'importVpc', which is not given",
  ],
  [
    'a VPC without subnets',
    (scope) => ({ importVpc: vpcWith(scope, 0) }),
    "'importVpc' Models/Vpc has no subnets that this app knows of; give it some, import it with its subnets, or pass 'importSubnets'",
  ],
  [
    'an empty choice of subnets',
    (scope) => ({ importVpc: vpcWith(scope, 1), importSubnets: { subnets: [] } }),
    "'importSubnets' must give at least one of the subnets of 'importVpc', got none; choose some",
  ],
  [
    '17 subnets',
    (scope) => ({ importVpc: vpcWith(scope, 17) }),
    "'importSubnets' must give at most 16 subnets, got 17; choose fewer",
  ],
  [
    'no security group',
    (scope) => ({ importVpc: vpcWith(scope, 1), importSecurityGroups: [] }),
    "'importSecurityGroups' must give at least one of the security groups of 'importVpc', got none",
  ],
  [
    '6 security groups',
    (scope) => ({
      importVpc: vpcWith(scope, 1),
      importSecurityGroups: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => group(scope, id)),
    }),
    "'importSecurityGroups' must give at most 5 security groups, got 6; choose fewer",
  ],
])('fails for %s', (_, propsOf, message) => {
  expect(() => networkOf(propsOf)).toThrow(message);
});
