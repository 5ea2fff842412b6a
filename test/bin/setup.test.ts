import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

interface Package {
  readonly version: string;
  readonly integrity?: string;
  readonly optional?: boolean;
}

const LOCKED: Readonly<Record<string, Package>> = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
  'node_modules/b-for-another-system': { version: '2.0.0', integrity: 'sha512-c', optional: true },
};
const { 'node_modules/a': a, 'node_modules/b': b } = LOCKED;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'));
  for (const folder of ['bin', 'node_modules', 'path']) mkdirSync(join(root, folder));
  copyFileSync(join(__dirname, '..', '..', 'bin', 'setup.mjs'), join(root, 'bin', 'setup.mjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: LOCKED }));
  writeFileSync(join(root, 'path', 'npm'), `#!/bin/sh\necho "$@" > "${join(root, 'asked')}"\n`);
  chmodSync(join(root, 'path', 'npm'), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Whether the set-up installs when npm has noted these packages. */
function installs(packages?: Readonly<Record<string, Package | undefined>>): boolean {
  const noted = join(root, 'node_modules', '.package-lock.json');
  if (packages) writeFileSync(noted, JSON.stringify({ packages }));
  const env = { ...process.env, PATH: [join(root, 'path'), process.env['PATH']].join(delimiter) };
  execFileSync(process.execPath, [join(root, 'bin', 'setup.mjs')], { env, stdio: 'ignore' });
  return existsSync(join(root, 'asked'));
}

test('the set-up installs nothing after an npm ci of somebody else', () => {
  expect(installs({ 'node_modules/a': a, 'node_modules/b': b })).toBe(false);
});

test.each([
  ['nothing is there', undefined],
  ['a package is not there', { 'node_modules/a': a }],
  ['a package is of another release', { 'node_modules/a': a, 'node_modules/b': { version: '2.0.1' } }],
  ['a package is too many', { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/c': { version: '1.0.0' } }],
])('the set-up installs the locked packages when %s', (_, packages) => {
  expect(installs(packages)).toBe(true);
});
