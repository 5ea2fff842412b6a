import { App, AppProps, Environment, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const VIRGINIA: Environment = { account: ACCOUNT, region: 'us-east-1' };

/** An app that copies no assets: their hashes are in the template all the same. */
export function testApp(context: Record<string, unknown> = {}, props: AppProps = {}): App {
  return new App({ ...props, context: { 'aws:cdk:disable-asset-staging': true, ...context } });
}

/** A stack in the Region that imports GPT-OSS, unless told otherwise. */
export function testStack(props: StackProps = {}, context: Record<string, unknown> = {}): Stack {
  return new Stack(testApp(context), 'Models', { env: VIRGINIA, ...props });
}

/** A resource as it stands in a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resourcesOf(stack: Stack, type?: string): Record<string, TemplateResource> {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, TemplateResource> };
  return Object.fromEntries(
    Object.entries(Resources).filter(([, resource]) => type === undefined || resource.Type === type),
  );
}

/** The only resource of a type. */
export function theOnly(stack: Stack, type: string): TemplateResource {
  const [first, ...others] = Object.values(resourcesOf(stack, type));
  if (!first || others.length > 0) {
    throw new Error(`${first ? others.length + 1 : 0} resources of type ${type} in the template`);
  }
  return first;
}

/** Statement of a role's policy, as it stands in a template. */
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** All statements of the policies whose logical id begins with `prefix`. */
export function statementsOf(stack: Stack, prefix: string): Statement[] {
  return Object.entries(resourcesOf(stack, 'AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, policy]) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}
