import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

it('keeps to the rules of the rooms, of the CDK and of TypeScript', () => {
  const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const report = execFileSync(process.execPath, [eslint, '.', '--format', 'json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = JSON.parse(report) as { filePath: string; errorCount: number; warningCount: number }[];
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter(({ errorCount, warningCount }) => errorCount + warningCount > 0)).toEqual([]);
}, 300_000);

it('is formatted', () => {
  const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  expect(
    execFileSync(process.execPath, [prettier, '--check', '--log-level', 'warn', '.'], { cwd: root, encoding: 'utf8' }),
  ).toBe('');
}, 120_000);

it('type-checks in every room', () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root, encoding: 'utf8' })).toBe('');
}, 120_000);
