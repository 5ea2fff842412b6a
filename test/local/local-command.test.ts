import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../local/paths';
import { printed, processesOf, startProgram, survivors } from './processes';

jest.setTimeout(60_000);

const PROGRAM = join('bin', 'local.ts');
const LAST_LINE = /^export NO_PROXY=.*\n/m;

function folderOf(output: string): string {
  return dirname(/^export CDK_HOME=(.+)$/m.exec(output)?.[1] ?? '');
}

describe('npm run local', () => {
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const program of started.splice(0)) program.kill('SIGKILL');
  });

  test('prints lines that a shell can take, runs until Ctrl-C, and ends well with everything it started', async () => {
    const program = startProgram(PROGRAM);
    started.push(program);
    const output = await printed(program, LAST_LINE);
    const lines = output.trim().split('\n');
    expect(lines[0]).toMatch(/^unset .*AWS_PROFILE/);
    expect(lines.slice(1).filter((line) => !/^export [A-Z0-9_]+=\S+$/.test(line))).toEqual([]);
    const processes = processesOf(folderOf(output));
    expect(processes.length).toBeGreaterThanOrEqual(2);

    program.kill('SIGINT');
    expect(await once(program, 'exit')).toEqual([0, null]);
    expect(await survivors(processes)).toEqual([]);
  });

  test('ends when the shell that started it is killed', async () => {
    const shell = spawn('sh', ['-c', `"${process.execPath}" --import tsx ${PROGRAM}; true`], {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.push(shell);
    const processes = processesOf(folderOf(await printed(shell, LAST_LINE)));
    expect(processes.length).toBeGreaterThanOrEqual(2);

    shell.kill('SIGKILL');
    expect(await survivors(processes)).toEqual([]);
  });
});
