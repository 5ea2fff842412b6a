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

it.each([
  ['lib/x.ts', '../weights/upload', '../lib/contract'],
  ['lib/x.ts', '@aws-sdk/client-s3', 'aws-cdk-lib'],
  ['lib/contract.ts', './regions', undefined],
  ['lambda/imported-model/x.ts', '@aws-sdk/client-s3', 'node:crypto'],
  ['lambda/imported-model/x.ts', 'node:net', '../../lib/contract'],
  ['lambda/imported-model/s3.ts', '../../local/ground', '@aws-sdk/client-s3'],
  ['lambda/imported-model/s3.ts', '../../lib/regions', '../../weights/s3'],
  ['weights/x.ts', '../lambda/imported-model/names', './upload'],
  ['weights/s3.ts', 'aws-cdk-lib/aws-s3', '@aws-sdk/client-s3'],
  ['weights/check/x.ts', '../../chat/json', '../json'],
  ['weights/transfer/s3.ts', '../../chat/bedrock-runtime', '@aws-sdk/client-s3'],
  ['chat/x.ts', '../weights/json', './json'],
  ['chat/bedrock-runtime.ts', '../weights/s3', '@aws-sdk/client-bedrock-runtime'],
  ['local/bedrock/x.ts', '../../lib/contract', '@aws-sdk/client-iam'],
  ['bin/demo.ts', 'aws-cdk-lib', '../local/ground'],
  ['bin/app.ts', '../local/ground', 'aws-cdk-lib'],
])('refuses in %s an import of %s', (file, forbidden, allowed) => {
  expect(importProblems(file, forbidden)).toBe(1);
  expect(allowed === undefined ? 0 : importProblems(file, allowed)).toBe(0);
});

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

/** How many problems the rooms' rules find with one import. ESLint's configuration is an ES module, so another process asks. */
function importProblems(file: string, imported: string): number {
  const script = `
    import { Linter } from 'eslint';
    import { rooms } from './eslint.rooms.mjs';
    const code = "import x from '${imported}'; x();";
    const config = rooms.map((room) => ({ ...room, languageOptions: { sourceType: 'module' } }));
    console.log(new Linter().verify(code, config, { filename: '${file}' }).length);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' }));
}
