import { version } from '../../package.json';
import { parse } from './args';
import { coloursFor } from './colours';
import type { Command, Context } from './command';
import { COMMANDS } from './commands';
import { explained } from './explained';
import { commandHelp, PROGRAM, programHelp } from './help';
import { near } from './near';
import type { ExitCode, Out } from './out';
import type { Outside } from './outside';
import { shellLine } from './shell-line';
import { UsageError } from './usage-error';

/** Runs one command to its end. It never throws: what goes wrong is said on stderr. */
export async function run(argv: readonly string[], out: Out, outside: Outside): Promise<ExitCode> {
  const [name, ...rest] = argv;
  let profile: string | undefined;
  try {
    if (name === undefined || ['--help', '-h', 'help'].includes(name)) return help(rest[0], out);
    if (name === '--version') return print(`${version}\n`, out);
    const command = named(name);
    if (asksForHelp(rest)) return help(name, out);
    const given = parse(command, rest);
    profile = given.option('profile');
    return await command.run(given, { out, outside, again: shellLine([PROGRAM, ...argv]) });
  } catch (error) {
    return complain(explained(error, out.env, profile), error, name, out);
  }
}

function help(name: string | undefined, out: Out): ExitCode {
  return print(name === undefined ? programHelp(COMMANDS) : commandHelp(named(name)), out);
}

function print(text: string, { stdout }: Context['out']): ExitCode {
  stdout.write(text);
  return 0;
}

/** Whatever else is wrong with the command line. What stands behind `--` is an operand. */
function asksForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--');
  return (end < 0 ? rest : rest.slice(0, end)).some((word) => /^(?:--help|-h+)$/.test(word));
}

function named(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name);
  if (command) return command;
  const meant = near(
    name,
    COMMANDS.map((each) => each.name),
  );
  throw new UsageError(`there is no command '${name}'${meant ? `; did you mean '${meant}'?` : ''}`);
}

function complain(said: string, error: unknown, name: string | undefined, out: Out): ExitCode {
  const { red } = coloursFor(out.stderr, out);
  out.stderr.write(out.signal.aborted ? 'stopped\n' : `${red('error:')} ${said}\n`);
  if (!(error instanceof UsageError)) return 1;
  const known = COMMANDS.some((command) => command.name === name);
  out.stderr.write(`See '${known ? `${PROGRAM} ${name ?? ''}` : PROGRAM} --help'.\n`);
  return 2;
}
