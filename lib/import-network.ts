import { Token } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct, IDependable } from 'constructs';
import { s3Endpoints } from './s3-endpoints';

/** Bounds of CreateModelImportJob's `vpcConfig`. */
const MAX_SUBNETS = 16;
const MAX_SECURITY_GROUPS = 5;

/** The network that an import job reads the weights through. */
export interface ImportNetwork {
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];

  /** What leads from the subnets to S3; the job's subnets and groups exist before their routes and rules do. */
  readonly dependencies: IDependable[];
}

/** What a user says about it, among the model's properties. */
export interface ImportNetworkChoice {
  readonly importVpc?: IVpc;
  readonly importSubnets?: SubnetSelection;
  readonly importSecurityGroups?: ISecurityGroup[];
}

/** Checks what the user says, and makes a security group when none is given. */
export function importNetwork(model: Construct, props: ImportNetworkChoice): ImportNetwork | undefined {
  const { importVpc, importSubnets, importSecurityGroups } = props;
  if (!importVpc) {
    requireNothingElse(props);
    return undefined;
  }
  if (!importSubnets) {
    requireSubnets(importVpc);
  }
  const { subnetIds, internetConnectivityEstablished } = importVpc.selectSubnets(importSubnets);
  requireCount('importSubnets', 'subnets', subnetIds, MAX_SUBNETS);
  const groups = importSecurityGroups ?? [ownGroup(model, importVpc)];
  const securityGroupIds = groups.map((group) => group.securityGroupId);
  requireCount('importSecurityGroups', 'security groups', securityGroupIds, MAX_SECURITY_GROUPS);
  const dependencies = [internetConnectivityEstablished, s3Endpoints(model, importVpc), ...groups];
  return { subnetIds, securityGroupIds, dependencies };
}

function ownGroup(model: Construct, vpc: IVpc): SecurityGroup {
  return new SecurityGroup(model, 'ImportSecurityGroup', {
    vpc,
    description: 'Network interfaces of the Bedrock import job: out to S3, nothing in',
  });
}

function requireNothingElse(props: ImportNetworkChoice): void {
  for (const name of ['importSubnets', 'importSecurityGroups'] as const) {
    if (props[name]) {
      throw new Error(`'${name}' needs 'importVpc', which is not given; pass the VPC too, or leave '${name}' out`);
    }
  }
}

function requireSubnets(vpc: IVpc): void {
  if (vpc.privateSubnets.length + vpc.isolatedSubnets.length + vpc.publicSubnets.length === 0) {
    throw new Error(
      `'importVpc' ${vpc.node.path} has no subnets that this app knows of; give it some, import it with its subnets, or pass 'importSubnets'`,
    );
  }
}

function requireCount(prop: string, what: string, ids: string[], max: number): void {
  if (Token.isUnresolved(ids)) {
    return;
  }
  if (ids.length === 0) {
    throw new Error(`'${prop}' must give at least one of the ${what} of 'importVpc', got none; choose some`);
  }
  if (ids.length > max) {
    throw new Error(`'${prop}' must give at most ${max} ${what}, got ${ids.length}; choose fewer`);
  }
}
