import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ran, remove, writtenFolder } from './ground';

let folder: string;

beforeEach(() => {
  folder = writtenFolder('sharded-5.23');
});

afterEach(() => {
  remove(folder);
});

const index = () => join(folder, 'model.safetensors.index.json');

describe('repair', () => {
  test('with --dry-run shows each change as a diff and makes none', async () => {
    const before = readFileSync(index(), 'utf8');
    const { code, stdout } = await ran(['repair', folder, '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '--- model.safetensors.index.json\n+++ model.safetensors.index.json (remove total_parameters)\n',
    );
    expect(stdout).toContain('-    "total_parameters": 31020,\n');
    expect(stdout).toContain('2 files would change; nothing was written\n');
    expect(readFileSync(index(), 'utf8')).toBe(before);
    expect(existsSync(`${index()}.orig`)).toBe(false);
  });

  test('changes the files, keeps the old ones, and has nothing to do the second time', async () => {
    const before = readFileSync(index(), 'utf8');
    const first = await ran(['repair', folder]);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('2 files changed; the old ones are kept as *.orig\n');
    expect(readFileSync(`${index()}.orig`, 'utf8')).toBe(before);
    const second = await ran(['repair', folder]);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/^nothing to mend\n/);
  });

  test('speaks of old files only where there are some', async () => {
    await ran(['repair', folder]);
    for (const name of readdirSync(folder)) if (name.endsWith('.orig')) rmSync(join(folder, name));
    rmSync(index());
    const { stdout } = await ran(['repair', folder]);
    expect(stdout).toContain('1 file written, where there was none\n');
    expect(readdirSync(folder).filter((name) => name.endsWith('.orig'))).toEqual([]);
  });

  test('fails where errors are left, and names them', async () => {
    writeFileSync(join(folder, 'model-00002-of-00005.safetensors'), 'cut off');
    const { code, stdout } = await ran(['repair', folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^error {3}model-00002-of-00005\.safetensors /m);
    expect(stdout).not.toMatch(/^error.*repair mends it/m);
  });

  test('prints changes and what is left as JSON', async () => {
    const { code, stdout } = await ran(['repair', folder, '--json', '--dry-run']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [
        { kind: 'text', file: 'model.safetensors.index.json', what: 'remove total_parameters' },
        { kind: 'text', file: 'tokenizer_config.json' },
      ],
      written: false,
      summary: { format: 'bf16' },
    });
  });

  test('colours the diff on a terminal', async () => {
    const { stdout } = await ran(['repair', folder, '--dry-run'], { isTTY: true });
    expect(stdout).toContain('\u001b[31m-    "total_parameters": 31020,\u001b[39m');
  });
});
