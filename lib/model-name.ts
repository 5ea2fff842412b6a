import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

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
