import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { startHub } from '../../../local/hugging-face';
import { type MisbehavingS3, startMisbehavingS3 } from '../../../local/misbehaving-s3';
import { remove, writtenFolder } from './ground';

/** As it is published: built before the tests begin, and without this checkout's packages. */
const PROGRAM = join(__dirname, '..', '..', '..', 'dist', 'bin', 'bedrock-gpt-oss.js');

let s3: MisbehavingS3;
let folder: string;
let work: string;

beforeEach(async () => {
  s3 = await startMisbehavingS3({ buckets: ['weights'] });
  folder = writtenFolder('sharded-5.23');
  work = mkdtempSync(join(tmpdir(), 'cli-work-'));
});

afterEach(async () => {
  await s3.stop();
  remove(folder);
  remove(work);
});

const environment = () => ({
  PATH: process.env['PATH'],
  AWS_ENDPOINT_URL_S3: s3.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
});

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function program(...argv: string[]): Promise<Ended> {
  return programIn({}, ...argv);
}

function programIn(more: NodeJS.ProcessEnv, ...argv: string[]): Promise<Ended> {
  const env = { ...environment(), ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...argv], { cwd: work, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

describe('the program as it is built', () => {
  test('shows its help and its release', async () => {
    expect((await program('--help')).stdout).toContain('bedrock-gpt-oss <command> [options]');
    expect(await program('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('goes the whole way: no, repair, upload, yes', async () => {
    expect(await program('check', folder)).toMatchObject({ code: 1, stderr: '' });
    expect(await program('repair', folder)).toMatchObject({ code: 0, stderr: '' });
    expect(await program('upload', folder, 's3://weights/v1/')).toMatchObject({ code: 0 });
    expect(existsSync(join(work, 'gpt-oss.lock.json'))).toBe(true);
    expect(await program('verify', 's3://weights/v1/')).toMatchObject({ code: 0, stderr: '' });
    expect(await program('check', 's3://weights/v1/')).toMatchObject({ code: 0, stderr: '' });
    expect(await program('frobnicate')).toMatchObject({ code: 2, stdout: '' });
  });

  test('reads Hugging Face with the token and the endpoint of the environment, and ends by itself', async () => {
    const [token, target] = ['hf_reader', join(work, 'model')];
    const hub = await startHub({
      repositories: { 'acme/gated': { revisions: { main: folder }, gated: 'manual', readers: [token] } },
    });
    try {
      const env = { HF_ENDPOINT: hub.url, HF_TOKEN: token };
      const checked = await programIn(env, 'check', 'hf://acme/gated');
      expect(checked).toEqual({
        ...(await program('check', folder)),
        stdout: expect.stringContaining(
          `main of acme/gated is commit ${(await hub.at('acme/gated')).commit}\n`,
        ) as unknown,
      });
      expect(await programIn({ HF_ENDPOINT: hub.url }, 'download', 'hf://acme/gated', target)).toMatchObject({
        code: 1,
      });
      const got = await programIn(env, 'download', 'hf://acme/gated', target);
      expect(got).toMatchObject({ code: 0, stderr: '' });
      expect(got.stdout).toContain('verified');
      expect(JSON.stringify([checked, got])).not.toContain(token);
      expect(readdirSync(target).sort()).toEqual(readdirSync(folder).sort());
    } finally {
      await hub.close();
    }
  });

  test('stops at Ctrl-C with a word how to go on', async () => {
    const arrived = new Promise<void>((resolve) => {
      s3.mischief = ({ operation }) => {
        if (operation !== 'PutObject') return undefined;
        resolve();
        return 'hang';
      };
    });
    const argv = ['upload', folder, 's3://weights/v1/', '--repair'];
    const child = spawn(process.execPath, [PROGRAM, ...argv], { cwd: work, env: environment() });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await arrived;
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(child.exitCode).toBe(1);
    expect(said).toContain(`goes on from there:\n  bedrock-gpt-oss ${argv.join(' ')}\n`);
    expect(existsSync(join(work, 'gpt-oss.lock.json'))).toBe(false);
  });

  test('ends quietly when nobody reads on', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${PROGRAM}" check "${folder}" --json | true`], {
      cwd: work,
      env: environment(),
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'exit');
    expect(said).toBe('');
  });
});
