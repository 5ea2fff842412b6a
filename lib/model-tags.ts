import { IResolvable, Lazy, TagManager, TagType, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { IMPORTED_MODEL_TYPE, OWNER_TAGS, Tag } from './contract';
import { enclosingStacks } from './enclosing-stacks';

/** Bedrock allows 50 tags on a resource, of which four are ours. */
const MAX_TAGS = 50 - Object.keys(OWNER_TAGS).length;

/** Bedrock's bounds, in characters. */
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/** Beginnings of keys that AWS and this library keep for themselves. */
const RESERVED = ['aws:', 'cdk-bedrock-gpt-oss:'];

/** What Bedrock allows in keys and values: less than CloudFormation does. */
const ALLOWED = /^[a-zA-Z0-9\s._:/=+@-]*$/;

/**
 * Where `Tags.of` puts the model's tags. It begins with those given to the stack as such (`new Stack(…, { tags })`),
 * which CloudFormation passes on to every resource but custom ones; `Tags.of(model)` can change and remove them.
 */
export function modelTags(model: IConstruct): TagManager {
  const ofStacks: Record<string, string>[] = enclosingStacks(model).map((stack) => stack.tags.tagValues());
  return new TagManager(TagType.KEY_VALUE, IMPORTED_MODEL_TYPE, Object.assign({}, ...ofStacks));
}

/** The tags when all aspects have run, sorted, for the properties of the custom resources. */
export function renderedTags(tags: TagManager): IResolvable {
  return Lazy.uncachedAny({ produce: () => listed(tags) }, { omitEmptyArray: true });
}

/** What Bedrock would refuse, found at synth. */
export function tagErrors(tags: TagManager): string[] {
  const all = listed(tags);
  const errors = all.flatMap((tag) =>
    problems(tag).map(
      (problem) =>
        `tag '${tag.Key}' = '${tag.Value}' ${problem}, or keep the tag from the model with Tags.of(model).remove('${tag.Key}')`,
    ),
  );
  if (all.length > MAX_TAGS) {
    errors.push(`a model can have at most ${MAX_TAGS} tags besides the library's own, got ${all.length}; remove some`);
  }
  return errors;
}

function listed(tags: TagManager): Tag[] {
  return Object.entries(tags.tagValues())
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

function problems({ Key, Value }: Tag): string[] {
  const odd = [Key, Value].every(isAllowed)
    ? []
    : ['has a character that Bedrock refuses; use letters, digits, spaces and . _ : / = + @ -'];
  const reserved = RESERVED.filter((beginning) => Key.toLowerCase().startsWith(beginning)).map(
    (beginning) => `has a key that begins with '${beginning}', which is reserved; rename it`,
  );
  return [...odd, ...reserved, ...tooLong('key', Key, MAX_KEY_LENGTH), ...tooLong('value', Value, MAX_VALUE_LENGTH)];
}

function tooLong(what: string, text: string, max: number): string[] {
  return Token.isUnresolved(text) || text.length <= max
    ? []
    : [`has a ${what} of ${text.length} characters, and Bedrock takes at most ${max}; shorten it`];
}

function isAllowed(text: string): boolean {
  return Token.isUnresolved(text) || ALLOWED.test(text);
}
