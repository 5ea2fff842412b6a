// What `npm test`, `npm run demo` and `npm run local` do first: install the locked packages unless they are there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Node.js 20 or newer is needed, this is ${process.version}; install it and run the command again`);
  process.exit(1);
}
if (!isInstalled(packagesIn('package-lock.json'), packagesIn('node_modules/.package-lock.json'))) {
  console.error('Installing the locked packages (npm ci) …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}

/** Whoever installed them: npm ends each install by writing down what is there, in the form of the lock. */
function isInstalled(locked, there) {
  const isThere = ([path, { version, integrity, optional, devOptional }]) => {
    const found = there[path];
    if (found) return found.version === version && found.integrity === integrity;
    return path === '' || optional === true || devOptional === true; // packages of other systems stay away
  };
  return Object.entries(locked).every(isThere) && Object.keys(there).every((path) => path in locked);
}

function packagesIn(name) {
  const file = join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}
