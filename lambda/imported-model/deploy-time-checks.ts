import { MINUTES_PER_LINK } from '../../lib/contract';
import { MAX_BASE_LENGTH } from './names';

/**
 * What the construct checks at synth, in the same words, for values that had none then: they were tokens, such as the
 * stack's parameters. Bedrock would refuse them later and say less.
 */

/** What Bedrock allows in a name, less an end in a separator, which the hash's own would follow. */
const NAME = /^[0-9a-zA-Z]+(?:[_-][0-9a-zA-Z]+)*[_-]?$/;

const FORBIDDEN_IN_PREFIX = /[^-!_'().a-zA-Z0-9/]/g;

/** Refuses a base that Bedrock takes for no model's name. */
export function requireModelName(base: string): void {
  if (base.length > MAX_BASE_LENGTH) {
    throw new Error(
      `'modelName' must have at most ${MAX_BASE_LENGTH} characters (a hash is added to it), got ${base.length} in '${shown(base)}'${suggestion(validName(base.slice(0, MAX_BASE_LENGTH)))}`,
    );
  }
  if (!NAME.test(base)) {
    throw new Error(
      `'modelName' must be letters and digits with single '-' or '_' between them and no dots, got '${base}'${suggestion(validName(base))}`,
    );
  }
}

/** Refuses a prefix that Bedrock can't read, or that isn't a folder; '' stands for the whole bucket. */
export function requirePrefix(prefix: string): void {
  if (prefix === '') return;
  const tidied = prefix
    .replaceAll(FORBIDDEN_IN_PREFIX, '-')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => `${part}/`)
    .join('');
  if (prefix === tidied) return;
  throw new Error(
    `'prefix' must end in '/', not begin with it, not contain '//', and have no characters but letters, digits and - _ . ! ' ( ), got '${shown(prefix)}'${suggestion(tidied)}`,
  );
}

/** Refuses a time that one link of the chain can't wait: how many there are was decided at synth. */
export function requireTimeout(seconds: number): void {
  if (seconds <= MINUTES_PER_LINK * 60) return;
  throw new Error(
    `'timeout' must be at most ${MINUTES_PER_LINK} minutes when it is known only at deploy time, got ${seconds} seconds; did you mean Duration.minutes(${Math.ceil(seconds / 60)}), written into the app?`,
  );
}

function validName(text: string): string {
  return text
    .split(/[^0-9a-zA-Z]+/)
    .filter((word) => word !== '')
    .join('-');
}

function suggestion(valid: string): string {
  return valid === '' ? '; choose another' : `; did you mean '${shown(valid)}'?`;
}

/** A parameter's value may have 4 kB, as much as the whole answer. */
function shown(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}…` : value;
}
