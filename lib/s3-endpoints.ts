import { Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Dependable, IConstruct, IDependable } from 'constructs';
import { enclosingStacks } from './enclosing-stacks';

/**
 * The VPC's endpoints for S3 that are deployed together with the model, to depend on. Not the others: the policy of one
 * for Bedrock may well name the model.
 */
export function s3Endpoints(model: IConstruct, vpc: IVpc): IDependable {
  const endpoints = {};
  Dependable.implement(endpoints, new S3Endpoints(model, vpc));
  return endpoints;
}

/** Asked at synth: an endpoint may be added to the VPC after the model. */
class S3Endpoints extends Dependable {
  constructor(
    private readonly model: IConstruct,
    private readonly vpc: IVpc,
  ) {
    super();
  }

  public override get dependencyRoots(): IConstruct[] {
    const stacks = enclosingStacks(this.model);
    const constructs = stacks[0].node.findAll();
    return constructs.filter((construct) => this.isOne(construct) && stacks.includes(Stack.of(construct)));
  }

  private isOne(construct: IConstruct): boolean {
    return (
      CfnVPCEndpoint.isCfnVPCEndpoint(construct) &&
      construct.vpcId === this.vpc.vpcId &&
      isForS3(construct.stack.resolve(construct.serviceName))
    );
  }
}

/** `com.amazonaws.us-east-1.s3`, or an intrinsic that ends so when the Region isn't known, or nothing. */
function isForS3(serviceName: unknown): boolean {
  return JSON.stringify(serviceName ?? '').includes('.s3"');
}
