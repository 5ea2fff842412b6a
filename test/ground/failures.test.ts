import { isEmpty, leftovers } from '../../local/leftovers';
import { stackOutputs, stackStatus } from '../../local/stacks';
import { eventually, openBench, settled, type App, type Bench } from './harness';

jest.setTimeout(240_000);

const BUCKET = 'weights-of-the-failures';

describe('what goes wrong, by the real cdk', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench();
    await bench.makeBucket(BUCKET);
    await bench.uploadWeights(BUCKET, 'med/v1/', { totalParameters: true });
  });

  afterAll(async () => {
    await bench.stop();
  });

  const app = (prefix: string): App => ({ name: 'model', context: { bucket: BUCKET, prefix, team: 'red' } });

  test('fails on a prefix where nothing is, and the terminal names it and the remedy', async () => {
    const { exitCode, output } = await bench.deploy('Maker', app('nothing/here/'));
    expect(exitCode).toBe(1);
    expect(output).toContain(`s3://${BUCKET}/nothing/here/ is empty`);
    expect(output).toContain('bedrock-gpt-oss upload');
    expect((await leftovers(bench.ground))['running jobs']).toEqual([]);
  });

  test("fails when Bedrock can't import the weights, and its message reaches the terminal", async () => {
    const { exitCode, output } = await bench.deploy('Maker', app('med/v1/'));
    expect(exitCode).toBe(1);
    expect(output).toContain('total_parameters');
    expect(output).toContain('Next: ');
    expect(await stackStatus(bench.ground, 'Maker')).toBe('ROLLBACK_COMPLETE');
    expect((await leftovers(bench.ground)).models).toEqual([]);
  });

  test('the same command succeeds once the weights are repaired', async () => {
    await bench.uploadWeights(BUCKET, 'med/v1/');
    const { exitCode, output } = await bench.deploy('Maker', app('med/v1/'));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await stackOutputs(bench.ground, 'Maker')).toHaveProperty('ModelArn');
  });

  test('Ctrl-C in the middle of an import leaves a stack that destroy removes without a trace', async () => {
    await bench.uploadWeights(BUCKET, 'med/v2/');
    const run = await bench.startDeploy('Maker', app('med/v2/'));
    await eventually('an import runs', async () => (await leftovers(bench.ground))['running jobs'].length > 0);
    run.interrupt();
    expect((await run.ended).exitCode).not.toBe(0);

    await settled(bench.ground, 'Maker');
    const { exitCode, output } = await bench.destroy('Maker', app('med/v2/'));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    await bench.removeBucket(BUCKET);
    const left = await leftovers(bench.ground);
    expect({ left, empty: isEmpty(left) }).toMatchObject({ empty: true });
  });
});
