import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ran, remove, s3Ground, writtenFolder } from './ground';

let folder: string;

beforeEach(() => {
  folder = writtenFolder('sharded-5.23');
});

afterEach(() => {
  remove(folder);
});

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

describe('check', () => {
  test('prints JSON of exactly the shape that scripts rely on', async () => {
    const { code, stdout, stderr } = await ran(['check', folder, '--json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const value: unknown = JSON.parse(stdout);
    expect(Object.keys(value ?? {})).toEqual(['findings', 'summary']);
    const findings = property(value, 'findings');
    const listed: readonly unknown[] = Array.isArray(findings) ? findings : [];
    const extra = listed.find((finding) => property(finding, 'code') === 'index-extra-metadata');
    expect(extra).toMatchObject({ severity: 'error', file: 'model.safetensors.index.json', repairable: true });
    expect(property(extra, 'problem')).toContain('total_parameters');
    for (const finding of listed) {
      expect(Object.keys(finding ?? {})).toEqual(['severity', 'code', 'file', 'problem', 'remedy', 'repairable']);
    }
    expect(property(value, 'summary')).toMatchObject({ format: 'bf16', layers: 2, experts: 4 });
  });

  test('prints a line a finding, what the folder is, and what it comes to', async () => {
    const { code, stdout } = await ran(['check', folder]);
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines[0]).toMatch(
      /^error {3}model\.safetensors\.index\.json .*Remedy: .* \[index-extra-metadata, repair mends it\]$/,
    );
    expect(lines.at(-2)).toMatch(
      /^BF16, 2 layers, 4 experts, .* parameters, to upload: 11 files .*, left out: nothing$/,
    );
    expect(lines.at(-1)).toBe("Bedrock does not take it: 2 errors, of which 'repair' mends 2, and 2 warnings");
  });

  test('makes up no numbers of what it could not read', async () => {
    for (const name of readdirSync(folder)) if (/^(config|model)/.test(name)) rmSync(join(folder, name));
    const { stdout } = await ran(['check', folder]);
    expect(stdout.trimEnd().split('\n').at(-2)).toMatch(
      /^unknown format, to upload: \d files \(.*\), left out: nothing$/,
    );
  });

  test('says yes to a folder with warnings only', async () => {
    await ran(['repair', folder]);
    const { code, stdout } = await ran(['check', folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('Bedrock takes it as far as can be seen: no errors, 2 warnings\n');
  });

  test('names the source of each rule when asked', async () => {
    expect((await ran(['check', folder])).stdout).not.toContain('https://');
    expect((await ran(['check', folder, '--sources'])).stdout).toContain(
      '[index-extra-metadata, repair mends it, https://',
    );
  });

  test('names it in JSON, too', async () => {
    const sources = async (...flags: string[]) => {
      const value: unknown = JSON.parse((await ran(['check', folder, '--json', ...flags])).stdout);
      const findings = property(value, 'findings');
      return (Array.isArray(findings) ? findings : []).map((finding) => property(finding, 'source'));
    };
    expect(await sources()).toEqual(Array(5).fill(undefined));
    expect(await sources('--sources')).toContainEqual(expect.stringMatching(/^https:/));
  });

  test.each([
    { isTTY: true, env: {}, coloured: true },
    { isTTY: false, env: {}, coloured: false },
    { isTTY: true, env: { NO_COLOR: '1' }, coloured: false },
    { isTTY: true, env: { NO_COLOR: '' }, coloured: true },
    { isTTY: true, env: { TERM: 'dumb' }, coloured: false },
  ])('colours %j', async ({ isTTY, env, coloured }) => {
    const { stdout } = await ran(['check', folder], { isTTY, env });
    expect(stdout.includes('\u001b[31merror')).toBe(coloured);
    expect(stdout.includes('\u001b')).toBe(coloured);
  });

  test('prints hostile names so that a terminal obeys nothing', async () => {
    writeFileSync(join(folder, 'model-\u001b[2J.safetensors'), 'x');
    const { stdout } = await ran(['check', folder]);
    expect(stdout).toContain('\\u001b[2J');
    expect(stdout).not.toContain('\u001b');
  });

  test('of a bucket with several models names their prefixes', async () => {
    const ground = await s3Ground();
    try {
      for (const prefix of ['med/v3/', 'med/v4/']) {
        const lock = join(folder, '..', `${prefix.replaceAll('/', '-')}.json`);
        await ran(['upload', folder, `s3://weights/${prefix}`, '--repair', '--lock', lock], ground);
        remove(lock);
      }
      const { code, stdout } = await ran(['check', 's3://weights/'], ground);
      expect(code).toBe(1);
      expect(stdout).toContain(
        'the folder has no .safetensors file; models lie below it, in med/v3/, med/v4/. Remedy: name the folder of one model, such as s3://weights/med/v3/ [no-safetensors]',
      );
      expect(stdout).toContain('Bedrock does not take it: 1 error,');
      expect((await ran(['check', 's3://weights/med'], ground)).stdout).toContain('such as s3://weights/med/v3/ ');
    } finally {
      await ground.stop();
    }
  });

  test('fails with the name of a bucket that is not there', async () => {
    const ground = await s3Ground();
    try {
      const { code, stderr } = await ran(['check', 's3://nowhere/v1/'], ground);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^error: could not list s3:\/\/nowhere\/v1\/: .* \(see the name, and whether it is a bucket/,
      );
    } finally {
      await ground.stop();
    }
  });

  test('answers the same of a prefix in S3', async () => {
    const ground = await s3Ground();
    try {
      await ran(['upload', folder, 's3://weights/v1/', '--repair', '--lock', join(folder, 'l.json')], ground);
      const { code, stdout } = await ran(['check', 's3://weights/v1'], ground);
      expect(code).toBe(0);
      expect(stdout).toContain('BF16, 2 layers, 4 experts');
    } finally {
      await ground.stop();
    }
  });
});
