import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command, Given } from './command';
import { near } from './near';
import { shellLine } from './shell-line';
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
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) throw unknownFlag(command, rawName, argv[token.index] ?? rawName);
    if (options[name]?.type === 'string') requireValue(rawName, value, inlineValue === true);
    else if (value !== undefined) throw takesNoValue(rawName, value);
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

/** What looks like a flag is no value, unless it is behind '=': the value was forgotten. `-5` and `- so` are values. */
function requireValue(flag: string, value: string | undefined, isBehindEquals: boolean): void {
  if (value === undefined || value === '') throw new UsageError(`${flag} has no value`);
  if (isBehindEquals || !/^(?:--|-[a-z])/i.test(value)) return;
  const behindEquals = shellLine([`${flag}=${value}`]);
  throw new UsageError(`${flag} has no value; if '${value}' is meant as it, write ${behindEquals}`);
}

function takesNoValue(flag: string, value: string): UsageError {
  return new UsageError(`${flag} takes no value, got '${value}'`);
}

/** Behind a single dash, parseArgs takes every letter for a flag: `typed` is the whole word. */
function unknownFlag(command: Command, flag: string, typed: string): UsageError {
  if (typed.startsWith('-h=')) return takesNoValue('-h', typed.slice('-h='.length));
  const isLong = flag.startsWith('--');
  const given = isLong ? flag : typed;
  const meant = near(given.replace(/^-+/, ''), flagNames(command));
  const remedies = [
    ...(meant ? [`did you mean '--${meant}'?`] : []),
    ...(isLong ? [] : ["an operand that begins with '-' goes behind '--'"]),
  ];
  return new UsageError([`${command.name} has no flag '${given}'`, ...remedies].join('; '));
}

function requireOperands({ name, operands }: Command, given: readonly string[]): void {
  const missing = operands.filter((operand) => operand.startsWith('<'))[given.length];
  if (missing) throw new UsageError(`${name} needs ${missing}`);
  const surplus = given[operands.length];
  if (surplus !== undefined) throw new UsageError(`${name} has no use for '${surplus}'`);
}
