import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The stack of a construct and, before it, those that it is nested in, the outermost first. */
export function enclosingStacks(construct: IConstruct): [Stack, ...Stack[]] {
  const innermost = Stack.of(construct);
  const parent = innermost.nestedStackParent;
  return parent ? [...enclosingStacks(parent), innermost] : [innermost];
}
