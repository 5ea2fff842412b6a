import { Fn } from 'aws-cdk-lib';
import { IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { GptOssImportedModel, GptOssImportedModelProps } from '../../lib';
import { resourcesOf, testStack, theOnly } from './apps';

function vpcWith(scope: Construct, subnets: number): IVpc {
  return Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: Array.from({ length: subnets }, (_, index) => `subnet-${index + 1}`),
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
