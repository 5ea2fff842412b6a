import { inspect } from 'node:util';

/** What is right for a value, as it would be written, and whether a value is of that kind. */
export type Kind = readonly [example: string, fits: (value: unknown) => boolean];

/** A text; tokens that become one are texts too. */
export function text(example: string): Kind {
  return [example, (value) => typeof value === 'string'];
}

/** A number; tokens that become one are numbers too. */
export function number(example: string): Kind {
  return [example, (value) => typeof value === 'number'];
}

/** `true` or `false`: a text that says so is neither. */
export function whether(example: string): Kind {
  return [example, (value) => typeof value === 'boolean'];
}

/** Several; tokens that become a list are lists too. */
export function list(example: string): Kind {
  return [example, Array.isArray];
}

/** An object of properties, which a list is not. */
export function properties(example: string): Kind {
  return [example, (value) => isObject(value) && !Array.isArray(value)];
}

/** An object of a class or interface, told by a member: two copies of a library have two classes of one name. */
export function having(member: string, example: string): Kind {
  return [example, (value) => isObject(value) && member in value];
}

/** One of an enumeration's values. */
export function oneOf(enumeration: Readonly<Record<string, string>>, example: string): Kind {
  return [example, (value) => Object.values<unknown>(enumeration).includes(value)];
}

/** Texts that may well be a token, given in the place of its secret or of the options that name the secret. */
const UNREPEATED = ['tokenSecret', 'options', 'props'];

/** @throws with a value that would be right, when the one that is given is of another kind */
export function requireFit(name: string, value: unknown, [example, fits]: Kind): void {
  if (fits(value)) return;
  const given = UNREPEATED.includes(name) && typeof value === 'string' ? 'a text' : inspect(value, { depth: -1 });
  throw new Error(`'${name}' takes a value such as ${example}, got ${given}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
