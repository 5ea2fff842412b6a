import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command, Given } from './command';
import { near } from './near';
import { UsageError } from './usage-error';

type Declared = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError for a flag that the command does not have, a value too few or too many, and operands likewise */
export function parse(command: Command, argv: readonly string[]): Given<string, string> {
  const options = declared(command);
  const { tokens, values, positionals } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false, // its words are for programmers
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(options, token.name)) throw unknownFlag(command, token.rawName);
    requireValue(token, options[token.name]?.type === 'string');
  }
  requireOperands(command, positionals);
  return {
    operands: positionals,
    has: (name) => values[name] === true,
    option: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/** Names of all flags of a command, without the dashes. */
export function flagNames({ switches, options }: Command): string[] {
  return [...Object.keys(switches), ...Object.keys(options), 'help'];
}

function declared({ switches, options }: Command): Declared {
  const flags: Declared = { help: { type: 'boolean', short: 'h' } };
  for (const name of Object.keys(switches)) flags[name] = { type: 'boolean' };
  for (const name of Object.keys(options)) flags[name] = { type: 'string' };
  return flags;
}

interface FlagGiven {
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Behind '='. */
  readonly inlineValue?: boolean | undefined;
}

/** What looks like a flag is no value, unless it is behind '=': the value was forgotten. A negative number is one. */
function requireValue({ rawName, value, inlineValue }: FlagGiven, takesOne: boolean): void {
  if (!takesOne && value !== undefined) throw new UsageError(`${rawName} takes no value, got '${value}'`);
  if (!takesOne) return;
  if (value === undefined || value === '') throw new UsageError(`${rawName} has no value`);
  if (inlineValue === true || !/^-(?![.\d])./.test(value)) return;
  throw new UsageError(`${rawName} has no value; if '${value}' is meant as it, write ${rawName}=${value}`);
}

function unknownFlag(command: Command, given: string): UsageError {
  const meant = near(given.replace(/^-+/, ''), flagNames(command));
  return new UsageError(`${command.name} has no flag '${given}'${meant ? `; did you mean '--${meant}'?` : ''}`);
}

function requireOperands({ name, operands }: Command, given: readonly string[]): void {
  const missing = operands.filter((operand) => operand.startsWith('<'))[given.length];
  if (missing) throw new UsageError(`${name} needs ${missing}`);
  const surplus = given[operands.length];
  if (surplus !== undefined) throw new UsageError(`${name} has no use for '${surplus}'`);
}
