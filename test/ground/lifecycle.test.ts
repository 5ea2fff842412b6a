import { BedrockClient, ListModelImportJobsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-bedrock';
import { bedrock } from '../../local/clients';
import { isEmpty, leftovers } from '../../local/leftovers';
import { stackOutputs } from '../../local/stacks';
import { openBench, type App, type Bench } from './harness';

jest.setTimeout(180_000);

const BUCKET = 'weights-of-the-lifecycle';

// One stack through its life: each test goes on where the one before ended.
describe('a model in a stack, by the real cdk', () => {
  let bench: Bench;
  let arn: string;

  beforeAll(async () => {
    bench = await openBench();
    await bench.makeBucket(BUCKET);
    await bench.uploadWeights(BUCKET, 'med/v1/');
  });

  afterAll(async () => {
    await bench.stop();
  });

  const app = (team: string): App => ({ name: 'model', context: { bucket: BUCKET, prefix: 'med/v1/', team } });

  async function jobs(): Promise<number> {
    const client = new BedrockClient(bedrock(bench.ground));
    return ((await client.send(new ListModelImportJobsCommand({}))).modelImportJobSummaries ?? []).length;
  }

  async function tags(): Promise<Record<string, string>> {
    const client = new BedrockClient(bedrock(bench.ground));
    const answer = await client.send(new ListTagsForResourceCommand({ resourceARN: arn }));
    return Object.fromEntries((answer.tags ?? []).map(({ key = '', value = '' }) => [key, value]));
  }

  test('deploy imports the weights and answers the ARN of a model that is there', async () => {
    const { exitCode, output } = await bench.deploy('Maker', app('red'));
    expect(output).toContain('Maker.ModelArn');
    expect(exitCode).toBe(0);
    ({ ModelArn: arn = '' } = await stackOutputs(bench.ground, 'Maker'));
    expect(arn).toMatch(/^arn:aws:bedrock:us-east-1:000000000000:imported-model\/[a-z0-9]{12}$/);
    expect((await leftovers(bench.ground)).models).toHaveLength(1);
    expect(await tags()).toMatchObject({ team: 'red' });
  });

  test('deploying the same again changes nothing and starts no import', async () => {
    const { exitCode, output } = await bench.deploy('Maker', app('red'));
    expect(output).toContain('(no changes)');
    expect(exitCode).toBe(0);
    expect(await jobs()).toBe(1);
  });

  test('a changed tag reaches the same model in place', async () => {
    const { exitCode, output } = await bench.deploy('Maker', app('blue'));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await stackOutputs(bench.ground, 'Maker')).toMatchObject({ ModelArn: arn });
    expect(await tags()).toMatchObject({ team: 'blue' });
    expect(await jobs()).toBe(1);
  });

  test('a stack of its own uses the model by the published parameter', async () => {
    const { exitCode, output } = await bench.deploy('User', app('blue'));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await stackOutputs(bench.ground, 'User')).toMatchObject({ ModelArn: arn });
  });

  test('destroy deletes the model and leaves nothing', async () => {
    for (const stack of ['User', 'Maker']) {
      const { exitCode, output } = await bench.destroy(stack, app('blue'));
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    }
    await bench.removeBucket(BUCKET);
    const left = await leftovers(bench.ground);
    expect({ left, empty: isEmpty(left) }).toMatchObject({ empty: true });
  });
});
