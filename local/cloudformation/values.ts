import type { Operation } from './operation';
import type { Stack } from './stack';
import type { Values } from './template';

/** What the references in a stack's template mean at this moment. */
export function valuesOf(stack: Stack, operation: Operation): Values {
  const [, partition = '', , region = '', account = ''] = stack.id.split(':');
  const pseudo: Record<string, string | undefined> = {
    'AWS::AccountId': account,
    'AWS::NoValue': undefined,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return {
    ref: (name) => {
      if (name in pseudo) return pseudo[name];
      const resource = stack.resources.get(name);
      if (!resource) throw new Error(`Unresolved resource dependencies [${name}] in the template`);
      return resource.physicalId;
    },
    attribute: (id, name) => {
      const value = stack.resources.get(id)?.attributes[name];
      // the stack fails with this text: aws-cdk#29949
      if (value === undefined)
        throw new Error(`CustomResource attribute error: Vendor response doesn't contain ${name} attribute of ${id}`);
      return value;
    },
    importValue: (name) => {
      const value = stack.cloudFormation.exports.get(name);
      if (value === undefined) throw new Error(`No export named ${name} found`);
      operation.imports.add(name);
      stack.imports.add(name);
      return value;
    },
  };
}
