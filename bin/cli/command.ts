import type { ExitCode, Out } from './out';
import type { Outside } from './outside';

/** What a command was given on its command line. */
export interface Given<Switch extends string, Option extends string> {
  readonly operands: readonly string[];
  readonly has: (name: Switch) => boolean;
  /** The value of an option, which is never empty. */
  readonly option: (name: Option) => string | undefined;
}

export interface Context {
  readonly out: Out;
  readonly outside: Outside;
  /** The command line, fit to be typed again. */
  readonly again: string;
}

interface Spec<Switch extends string, Option extends string> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** As shown to people: `<…>` must be given, `[…]` may be. */
  readonly operands: readonly string[];
  /** What the summary leaves out. */
  readonly about: string;
  readonly switches: Readonly<Record<Switch, string>>;
  readonly options: Readonly<Record<Option, OptionHelp>>;
  readonly examples: readonly Example[];
  /** What the exit codes mean here. */
  readonly exit: Readonly<Record<ExitCode, string>>;
  run(given: Given<Switch, Option>, context: Context): Promise<ExitCode>;
}

export interface OptionHelp {
  /** What stands for the value, as in `--region REGION`. */
  readonly value: string;
  readonly help: string;
}

export interface Example {
  readonly command: string;
  readonly what: string;
}

export type Command = Spec<string, string>;

/** A command whose `run` can ask for no other flags than it declares. */
export function command<Switch extends string, Option extends string>(spec: Spec<Switch, Option>): Command {
  return spec;
}
