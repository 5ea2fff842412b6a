import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onGround } from '../../local/ground';
import { isEmpty, leftovers } from '../../local/leftovers';
import { writeSampleWeights } from '../../local/sample-weights';
import { stackResources } from '../../local/stacks';
import { eventually, openBench, type App, type Bench } from './harness';

jest.setTimeout(180_000);

const BUCKET = 'weights';
const CLI = join(__dirname, '../../bin/bedrock-gpt-oss.ts');

/** Weights on their way from a folder that Bedrock refuses to a model, by the command line and the real cdk. */
describe('weights', () => {
  let bench: Bench;
  let folder: string;
  let lock: string;
  let app: App;

  beforeAll(async () => {
    bench = await openBench();
    folder = mkdtempSync(join(tmpdir(), 'weights-'));
    lock = `${folder}.lock.json`;
    app = { name: 'locked', context: { bucket: BUCKET, lock } };
    await writeSampleWeights(folder, { totalParameters: true });
    await bench.makeBucket(BUCKET);
  });

  afterAll(async () => {
    await bench.stop();
    for (const path of [folder, lock]) rmSync(path, { recursive: true, force: true });
  });

  /** What the command line prints, and how it ends. */
  async function run(...args: string[]): Promise<{ exitCode: number; output: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', CLI, ...args],
        { env: onGround(bench.ground), timeout: 120_000 },
        (error, stdout, stderr) => {
          resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr });
        },
      );
    });
  }

  test('with a broken index are refused by check, mended by repair, uploaded, and deployed by their lock file', async () => {
    expect(await run('check', folder)).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('index') as string,
    });
    expect(await run('upload', folder, `s3://${BUCKET}/`, '--lock', lock)).toMatchObject({ exitCode: 1 });
    expect(existsSync(lock)).toBe(false);

    expect(await run('repair', folder)).toMatchObject({ exitCode: 0 });
    expect(await run('check', folder)).toMatchObject({ exitCode: 0 });
    expect(await run('upload', folder, `s3://${BUCKET}/`, '--lock', lock)).toMatchObject({ exitCode: 0 });

    const deployed = await bench.deploy('Locked', app);
    expect(deployed).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('Locked.ModelArn = arn:') as string,
    });
    expect(await leftovers(bench.ground)).toMatchObject({ models: [expect.anything()] });
  });

  test('that were changed after the upload are not imported, and the old model stays', async () => {
    const { hash } = JSON.parse(readFileSync(lock, 'utf8')) as { hash: string };
    const text = readFileSync(join(folder, 'generation_config.json'), 'utf8');
    const ofTheSameSize = text.replace('\n', ' ');
    await bench.put(BUCKET, `gpt-oss-${hash.slice(0, 16)}/generation_config.json`, ofTheSameSize);
    expect((await bench.destroy('Locked', app)).exitCode).toBe(0);

    const { exitCode, output } = await bench.deploy('Locked', app);
    expect(exitCode).toBe(1);
    expect(output).toContain('is not what the lock file pins: changed after the upload: generation_config.json');
    expect(await leftovers(bench.ground)).toMatchObject({ models: [] });
    expect((await bench.destroy('Locked', app)).exitCode).toBe(0);
  });

  test('reach a stack that waits for them by its name', async () => {
    const waiting: App = { name: 'upload', context: {} };
    const deploy = await bench.startDeploy('Default', waiting);
    await eventually('the stack has its bucket', async () =>
      (await stackResources(bench.ground, 'Default')).some(({ type }) => type === 'AWS::S3::Bucket'),
    );
    expect(await run('upload', folder, '--stack', 'Default', '--lock', lock)).toMatchObject({ exitCode: 0 });
    expect((await deploy.ended).exitCode).toBe(0);

    const [bucket = ''] = (await stackResources(bench.ground, 'Default'))
      .filter(({ type }) => type === 'AWS::S3::Bucket')
      .map(({ physicalId }) => physicalId);
    expect((await bench.destroy('Default', waiting)).exitCode).toBe(0);
    await bench.removeBucket(bucket);
    await bench.removeBucket(BUCKET);
    const left = await leftovers(bench.ground);
    expect({ left, empty: isEmpty(left) }).toMatchObject({ empty: true });
  });
});
