import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Tells rule checkers such as cdk-nag why a finding on this construct, or below it, is as it should be.
 *
 * Recorded as metadata because `Validations.acknowledge()` of aws-cdk-lib 2.260 refuses ids with more than one '::',
 * and such are the ids of findings on policies.
 */
export function explain(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, reasons);
}

/**
 * Explains one resource with a `*` in the policies below a construct. The finding's id contains the resource as the
 * template has it, which is known when references between stacks are resolved: validations come right after that.
 */
export function explainWildcard(construct: IConstruct, resource: string, reason: string): void {
  let explained = false;
  const validate = () => {
    if (!explained) {
      const text = flat(Stack.of(construct).resolve(resource));
      explain(construct, { [`AwsSolutions-IAM5[Resource::${text}]`]: reason });
      explained = true;
    }
    return [];
  };
  construct.node.addValidation({ validate });
}

/** An intrinsic as cdk-nag writes it: `<Bucket.Arn>/v1/*`. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const [[intrinsic, argument] = ['', '']] = Object.entries(value) as [string, unknown][];
  switch (intrinsic) {
    case 'Ref':
      return `<${flat(argument)}>`;
    case 'Fn::ImportValue':
      return flat(argument);
    case 'Fn::GetAtt':
      return `<${(argument as unknown[]).map(flat).join('.')}>`;
    case 'Fn::Join': {
      const [delimiter, items] = argument as [string, unknown[]];
      return items.map(flat).join(delimiter);
    }
    default:
      return JSON.stringify(value);
  }
}
