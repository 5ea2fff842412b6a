import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command, Given } from './command';
import { near } from './near';
import { UsageError } from './usage-error';

type Declared = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError for a flag that the command does not have, or operands too few or too many */
export function parse(command: Command, argv: readonly string[]): Given<string, string> {
  const options = declared(command);
  const { tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) throw unknownFlag(command, token.rawName);
  }
  const { values, positionals } = strictly([...argv], options);
  requireOperands(command, positionals);
  return {
    operands: positionals,
    has: (name) => values[name] === true,
    option: (name) => {
      const value = values[name];
      if (value === '') throw new UsageError(`--${name} has no value`);
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

/** Node's own words for a value that is missing or not expected are good ones. */
function strictly(args: string[], options: Declared) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [said = ''] = error instanceof Error ? error.message.split('\n') : [String(error)];
    throw new UsageError(said, { cause: error });
  }
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
