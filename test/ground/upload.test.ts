import { isEmpty, leftovers } from '../../local/leftovers';
import { stackResources } from '../../local/stacks';
import { eventually, openBench, type App, type Bench } from './harness';

jest.setTimeout(180_000);

describe('a model with every default, by the real cdk', () => {
  let bench: Bench;
  const app: App = { name: 'upload', context: {} };

  beforeAll(async () => {
    bench = await openBench();
  });

  afterAll(async () => {
    await bench.stop();
  });

  test('fails on a wrong upload, keeps it in its bucket, and says how to use it from there', async () => {
    const run = await bench.startDeploy('Default', app);
    let bucket = '';
    await eventually('the stack has its bucket', async () => {
      const resources = await stackResources(bench.ground, 'Default');
      bucket = resources.find(({ type }) => type === 'AWS::S3::Bucket')?.physicalId ?? '';
      return bucket !== '';
    });
    await bench.uploadWeights(bucket, 'v1/', { totalParameters: true });

    const { exitCode, output } = await run.ended;
    expect(exitCode).toBe(1);
    expect(output).toContain('total_parameters');
    expect(output).toContain(`'${bucket}'`);
    expect(output).toContain('ModelSource.s3(');
    expect(await leftovers(bench.ground)).toMatchObject({ models: [], buckets: [bucket] });

    expect((await bench.destroy('Default', app)).exitCode).toBe(0);
    await bench.removeBucket(bucket);
    const left = await leftovers(bench.ground);
    expect({ left, empty: isEmpty(left) }).toMatchObject({ empty: true });
  });
});
