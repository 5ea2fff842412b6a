import { IResolvable, Lazy, Stack, TagManager, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { OWNER_TAGS, Tag } from './contract';

/** Bedrock allows 50 tags on a resource, of which three are ours. */
const MAX_TAGS = 50 - Object.keys(OWNER_TAGS).length;

/** What Bedrock allows in keys and values: less than CloudFormation does. */
const ALLOWED = /^[a-zA-Z0-9\s._:/=+@-]*$/;

/** The construct's tags when all aspects have run, sorted, for the properties of its custom resources. */
export function renderedTags(model: IConstruct, own: TagManager): IResolvable {
  return Lazy.uncachedAny({ produce: () => modelTags(model, own) }, { omitEmptyArray: true });
}

/** What Bedrock would refuse, found at synth. */
export function tagErrors(model: IConstruct, own: TagManager): string[] {
  const tags = modelTags(model, own);
  const errors = tags
    .filter(({ Key, Value }) => !isAllowed(Key) || !isAllowed(Value))
    .map(
      ({ Key, Value }) =>
        `tag '${Key}' = '${Value}' has a character that Bedrock refuses; use letters, digits, spaces and . _ : / = + @ -, or keep the tag from the model with Tags.of(model).remove('${Key}')`,
    );
  if (tags.length > MAX_TAGS) {
    errors.push(`a model can have at most ${MAX_TAGS} tags besides the library's own, got ${tags.length}; remove some`);
  }
  return errors;
}

/** Tags given to a stack as such don't reach its constructs' tag managers, so they are merged in here. */
function modelTags(model: IConstruct, own: TagManager): Tag[] {
  const stackTags = enclosingStacks(model).flatMap((stack) => Object.entries(stack.tags.tagValues()));
  return [...new Map([...stackTags, ...Object.entries(own.tagValues())])]
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

function enclosingStacks(model: IConstruct): Stack[] {
  const innermost = Stack.of(model);
  const parent = innermost.nestedStackParent;
  return parent ? [...enclosingStacks(parent), innermost] : [innermost];
}

function isAllowed(text: string): boolean {
  return Token.isUnresolved(text) || ALLOWED.test(text);
}
