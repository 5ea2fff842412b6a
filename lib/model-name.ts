import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { enclosingStacks } from './enclosing-stacks';

/**
 * Names of imported models and of import jobs have at most 63 characters; the handler adds '-' and a hash of 10, and
 * for the job another '-' and 8.
 */
const MAX_LENGTH = 63 - 11 - 9;

/** What the API allows, without its double meaning: `([0-9a-zA-Z][_-]?)+` that doesn't end in a separator. */
const VALID = /^[0-9a-zA-Z]+(?:[_-][0-9a-zA-Z]+)*$/;

/** The given name if Bedrock will take it, or one made of the construct's path. */
export function baseModelName(model: IConstruct, given?: string): string {
  if (given === undefined) {
    return madeValid(pathFromStack(model).slice(0, MAX_LENGTH));
  }
  if (Token.isUnresolved(given)) {
    return given;
  }
  if (given.length > MAX_LENGTH) {
    throw new Error(
      `'modelName' must have at most ${MAX_LENGTH} characters (a hash is added to it), got ${given.length} in '${given}'; did you mean '${madeValid(given.slice(0, MAX_LENGTH))}'?`,
    );
  }
  if (!VALID.test(given)) {
    throw new Error(
      `'modelName' must be letters and digits with single '-' or '_' between them and no dots, got '${given}'${suggestion(given)}`,
    );
  }
  return given;
}

/** A construct whose imported model may have a name that somebody chose. */
export interface NamedByHand extends IConstruct {
  /** @internal */
  readonly _givenName?: string;
}

/**
 * Says which of the others, in the tree's order, has this model's name already. Both would be imported, under names
 * that differ in the hash only: nobody could tell them apart in a list.
 */
export function sharedNames(model: NamedByHand, others: readonly NamedByHand[]): string[] {
  const name = model._givenName;
  if (name === undefined || Token.isUnresolved(name)) {
    return [];
  }
  return others
    .slice(0, others.indexOf(model))
    .filter((other) => other._givenName === name && isBeside(model, other))
    .map(
      (other) =>
        `'modelName' '${name}' is that of ${other.node.path} in the same account and Region, too, and the imported models would differ in the hash behind it only; give each a name of its own, or leave 'modelName' out`,
    );
}

/** False for two stacks of which nobody knows, at synth, where they will be. */
function isBeside(model: IConstruct, other: IConstruct): boolean {
  const [here] = enclosingStacks(model);
  const [there] = enclosingStacks(other);
  if (here === there) {
    return true;
  }
  const isKnown = !Token.isUnresolved(here.account) && !Token.isUnresolved(here.region);
  return isKnown && here.account === there.account && here.region === there.region;
}

/** Unique enough: the hash that the handler adds contains the stack's name and the resource's logical id. */
function pathFromStack(model: IConstruct): string {
  const stack = Stack.of(model);
  const stackName = Token.isUnresolved(stack.stackName) ? stack.node.id : stack.stackName;
  const ids = model.node.scopes.slice(stack.node.scopes.length).map((construct) => construct.node.id);
  return madeValid([stackName, ...ids].join('-'));
}

function suggestion(given: string): string {
  const valid = madeValid(given);
  return valid === '' ? '' : `; did you mean '${valid}'?`;
}

function madeValid(name: string): string {
  return name
    .split(/[^0-9a-zA-Z]+/)
    .filter((word) => word !== '')
    .join('-');
}
