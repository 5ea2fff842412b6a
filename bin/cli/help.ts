import type { Command } from './command';

export const PROGRAM = 'bedrock-gpt-oss';

/** Two of its columns are wide enough for everything that we have. */
const WIDTH = 100;

export function programHelp(commands: readonly Command[]): string {
  return [
    'GPT-OSS weights on their way into Amazon Bedrock.',
    '',
    heading('Usage', [`${PROGRAM} <command> [options]`]),
    heading('Commands', table(commands.map(({ name, summary }) => [name, summary]))),
    heading(
      'Options',
      table([
        ['--help, -h', 'this text, or that of a command'],
        ['--version', 'the release'],
      ]),
    ),
    `'${PROGRAM} <command> --help' has the flags of a command, and an example.`,
    'Region, credentials and endpoints are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and so on.',
    'What lies on Hugging Face is hf://owner/name@revision; HF_TOKEN and HF_ENDPOINT are heeded.',
    '',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const { name, operands, about, switches, options, examples, exit } = command;
  const flags = [
    ...Object.entries(switches).map(([flag, help]) => [`--${flag}`, help] as const),
    ...Object.entries(options).map(([flag, { value, help }]) => [`--${flag} ${value}`, help] as const),
    ['--help, -h', 'this text'] as const,
  ];
  return [
    ...wrapped(about, WIDTH),
    '',
    heading('Usage', [[PROGRAM, name, ...operands, '[options]'].join(' ')]),
    heading('Options', table(flags)),
    heading(
      'Examples',
      examples.flatMap(({ what, command }) => [`# ${what}`, command]),
    ),
    heading(
      'Exit',
      table([
        ['0', exit[0]],
        ['1', exit[1]],
        ['2', exit[2]],
      ]),
    ),
  ].join('\n');
}

function heading(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, help]) =>
    wrapped(help, WIDTH - left).map((line, number) => `${(number === 0 ? name : '').padEnd(left)}${line}`),
  );
}

/** Breaks at spaces. */
export function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
