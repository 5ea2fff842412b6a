import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localFolder, packageRoot } from './paths';

const run = promisify(execFile);

/** The oldest Python that MiniStack installs on. */
const OLDEST = { major: 3, minor: 10 } as const;

const CANDIDATES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'] as const;

/**
 * A Python virtual environment in `.local-aws/<name>` that holds exactly these packages, made on first use (about ten
 * seconds) and made anew when the requirements change. Safe when several processes ask at once.
 *
 * @param name folder name of the environment
 * @param requirements pip requirements, pinned: `['ministack==1.5.33']`
 * @returns the environment's folder of programs
 * @throws when there is no Python from 3.10 on, or pip fails; the message says what to do
 */
export async function ensureVenv(name: string, requirements: readonly string[]): Promise<string> {
  const folder = localFolder(name);
  const bin = join(folder, 'bin');
  const stamp = requirements.join('\n');
  if (!isMade(folder, stamp)) {
    const python = await findPython();
    const script = join(packageRoot(), 'local', 'make_venv.py');
    await run(python, [script, folder, stamp, ...requirements]).catch((cause: unknown) => {
      throw new Error(`could not install ${requirements.join(' ')} into '${folder}'${explain(cause)}`, { cause });
    });
  }
  return bin;
}

/** True only while the environment's own interpreter is still there: it links to one that may have been uninstalled. */
function isMade(folder: string, stamp: string): boolean {
  const file = join(folder, 'requirements.stamp');
  return existsSync(join(folder, 'bin', 'python')) && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/**
 * The first Python on the path that is new enough and can make virtual environments.
 *
 * @throws with what was looked for, what was found and what to install
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found: string[] = [];
  for (const name of CANDIDATES) {
    const verdict = await examine(name, env);
    if (verdict === 'usable') return name;
    if (verdict !== 'absent') found.push(`${name} is ${verdict}`);
  }
  throw new Error(
    `the local AWS needs Python ${OLDEST.major.toString()}.${OLDEST.minor.toString()} or newer with its venv module; ` +
      `looked on the PATH for ${CANDIDATES.join(', ')}; found ${found.length > 0 ? found.join(', ') : 'none'}; ` +
      `install it from https://www.python.org/downloads/ or by your package manager ` +
      `(Debian and Ubuntu: 'apt-get install python3 python3-venv', macOS: 'brew install python')`,
  );
}

type Verdict = 'usable' | 'absent' | 'not answering' | `version ${string}`;

async function examine(name: string, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const ask = async (script: string) => (await run(name, ['-c', script], { env, timeout: 20_000 })).stdout.trim();
  try {
    const version = await ask('import sys; print("%d.%d" % sys.version_info[:2])');
    const [major, minor] = version.split('.').map(Number);
    if (major !== OLDEST.major || minor === undefined || minor < OLDEST.minor) return `version ${version}`;
    // Debian ships venv without what it needs (ensurepip) until python3-venv is installed.
    const complete = await ask('import venv, ensurepip, fcntl').then(
      () => true,
      () => false,
    );
    return complete ? 'usable' : `version ${version} without a working venv module`;
  } catch (error) {
    return property(error, 'code') === 'ENOENT' ? 'absent' : 'not answering';
  }
}

function explain(cause: unknown): string {
  const stderr = property(cause, 'stderr')?.trim() ?? '';
  return stderr === '' ? '' : `: ${stderr.split('\n').slice(-3).join('\n').slice(-1000)}`;
}

/** What Node's own errors carry besides their message. Not by `instanceof`: in Jest they are of another realm. */
function property(error: unknown, name: 'code' | 'stderr'): string | undefined {
  const value = typeof error === 'object' && error !== null ? Object.getOwnPropertyDescriptor(error, name) : undefined;
  return typeof value?.value === 'string' ? value.value : undefined;
}
