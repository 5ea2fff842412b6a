import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildVersityGw } from '../../local/versitygw';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versitygw-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A `go` that does this when it is called. */
function fakeGo(script: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${bin}:/usr/bin:/bin` };
}

test('is built once, at its pinned version, by two who ask at once', async () => {
  const go = fakeGo(`echo "$@" >> ${folder}/calls; echo built > "$GOBIN/versitygw"`);
  const home = join(folder, 'versitygw-v1');
  const [one, other] = await Promise.all([buildVersityGw(home, go), buildVersityGw(home, go)]);
  expect(one).toBe(join(home, 'versitygw'));
  expect(other).toBe(one);
  expect(existsSync(one)).toBe(true);
  expect(await buildVersityGw(home, { PATH: '' })).toBe(one);
  expect(readdirSync(folder).sort()).toEqual(['bin', 'calls', 'versitygw-v1']);
});

test('fails without Go, and says where to get it', async () => {
  const home = join(folder, 'versitygw-v1');
  await expect(buildVersityGw(home, { PATH: folder })).rejects.toThrow(
    /could not build versitygw: there is no 'go' on the PATH; install Go from https:\/\/go\.dev/,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("fails with Go's own reason, and is not taken for built", async () => {
  const go = fakeGo('echo "go: no such version" >&2; exit 1');
  await expect(buildVersityGw(join(folder, 'versitygw-v1'), go)).rejects.toThrow('go: no such version');
  expect(readdirSync(folder)).toEqual(['bin']);
});
