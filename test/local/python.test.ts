import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFolder } from '../../local/paths';
import { ensureVenv, findPython } from '../../local/python';

jest.setTimeout(60_000);

describe('findPython', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pythons-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A program that answers the two questions as a Python of that version would. */
  function fakePython(name: string, version: string, complete: boolean): void {
    const script = `#!/bin/sh\ncase "$2" in *version_info*) echo ${version};; *) exit ${complete ? 0 : 1};; esac\n`;
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }

  test('takes the first Python that is new enough', async () => {
    fakePython('python3', '3.9', true);
    fakePython('python3.12', '3.12', true);
    expect(await findPython({ PATH: folder })).toBe('python3.12');
  });

  test('takes one of two digits after the point', async () => {
    fakePython('python3', '3.10', true);
    expect(await findPython({ PATH: folder })).toBe('python3');
  });

  test('fails without any Python, and says what was looked for and what to install', async () => {
    await expect(findPython({ PATH: folder })).rejects.toThrow(
      /needs Python 3\.10 or newer.* looked on the PATH for python3, python,.* found none; .*apt-get install python3/,
    );
  });

  test('fails with one that is too old, and names its version', async () => {
    fakePython('python3', '3.9', true);
    await expect(findPython({ PATH: folder })).rejects.toThrow('found python3 is version 3.9;');
  });

  test('fails with one that lacks its venv module, as Debian ships it', async () => {
    fakePython('python3', '3.12', false);
    await expect(findPython({ PATH: folder })).rejects.toThrow('python3 is version 3.12 without a working venv module');
  });
});

describe('ensureVenv', () => {
  const name = `test-venv-${process.pid.toString()}`;

  afterAll(() => {
    for (const path of [name, `${name}.lock`]) rmSync(localFolder(path), { recursive: true, force: true });
  });

  test('makes one environment for two who ask at once, keeps it, and makes it anew for other requirements', async () => {
    const [bin, other] = await Promise.all([ensureVenv(name, ['six==1.16.0']), ensureVenv(name, ['six==1.16.0'])]);
    expect(other).toBe(bin);
    const version = () =>
      execFileSync(join(bin, 'python'), ['-c', 'import six; print(six.__version__)'], { encoding: 'utf8' }).trim();
    expect(version()).toBe('1.16.0');

    const stamp = localFolder(name, 'requirements.stamp');
    const made = statSync(stamp).mtimeMs;
    await ensureVenv(name, ['six==1.16.0']);
    expect(statSync(stamp).mtimeMs).toBe(made);

    await ensureVenv(name, ['six==1.17.0']);
    expect(version()).toBe('1.17.0');
  });

  test('fails with pip’s reason, and is not taken for made', async () => {
    await expect(ensureVenv(name, ['six==0.0.999'])).rejects.toThrow(/could not install six==0\.0\.999 .*No matching/s);
    expect(existsSync(localFolder(name, 'requirements.stamp'))).toBe(false);
  });
});
