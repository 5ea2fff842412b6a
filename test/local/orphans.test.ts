import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printed, processesOf, startProgram, survivors } from './processes';

jest.setTimeout(60_000);

const PROGRAM = join(__dirname, 'fixtures', 'ground-with-worker.ts');

describe('a ground whose parent goes', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'ends with its servers and Lambda workers and leaves no files, by %s',
    async (signal) => {
      const program = startProgram(PROGRAM);
      const [, cdkHome = ''] = /"cdkHome":"([^"]+)"/.exec(await printed(program, /\}\n/)) ?? [];
      const folder = dirname(cdkHome);
      const processes = processesOf(folder);
      const commands = processes.map(({ command }) => command).join('\n');
      expect(commands).toMatch(/guardian\.py[^]*bin\/ministack\n[^]*_worker\.js/);

      program.kill(signal);
      await once(program, 'exit');
      expect(await survivors(processes)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    },
  );
});
