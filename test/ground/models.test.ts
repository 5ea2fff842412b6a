import { BedrockClient, DeleteImportedModelCommand, ListModelImportJobsCommand } from '@aws-sdk/client-bedrock';
import { bedrock } from '../../local/clients';
import { isEmpty, leftovers } from '../../local/leftovers';
import { stackOutputs } from '../../local/stacks';
import { openBench, type App, type Bench } from './harness';

jest.setTimeout(240_000);

const BUCKET = 'weights-of-many-models';

// Each test goes on where the one before ended: the account is what they have in common.
describe('several models, by the real cdk', () => {
  let bench: Bench;
  let client: BedrockClient;

  beforeAll(async () => {
    bench = await openBench();
    client = new BedrockClient(bedrock(bench.ground));
    await bench.makeBucket(BUCKET);
    for (const prefix of ['v1/', 'v2/']) await bench.uploadWeights(BUCKET, prefix);
  });

  afterAll(async () => {
    client.destroy();
    await bench.stop();
  });

  const app = (stacks: string): App => ({ name: 'models', context: { bucket: BUCKET, stacks } });
  const models = async () => (await leftovers(bench.ground)).models;

  async function deploy(stack: string, description: string): Promise<Readonly<Record<string, string>>> {
    const { exitCode, output } = await bench.deploy(stack, app(description));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    return stackOutputs(bench.ground, stack);
  }

  async function destroy(stack: string, description: string): Promise<void> {
    const { exitCode, output } = await bench.destroy(stack, app(description));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  }

  async function jobs(): Promise<number> {
    return ((await client.send(new ListModelImportJobsCommand({}))).modelImportJobSummaries ?? []).length;
  }

  test('two models of one stack are imported one after the other with no order by the user', async () => {
    const { OneArn, TwoArn } = await deploy('Blue', 'Blue:One=v1/,Two=v1/');
    expect(new Set([OneArn, TwoArn]).size).toBe(2);
    expect(await models()).toHaveLength(2);
  });

  test('another prefix replaces one model, keeps the other, and deletes the old one', async () => {
    const before = await stackOutputs(bench.ground, 'Blue');
    const after = await deploy('Blue', 'Blue:One=v1/,Two=v2/');
    expect(after['OneArn']).toBe(before['OneArn']);
    expect(after['TwoArn']).not.toBe(before['TwoArn']);
    expect(await models()).toHaveLength(2);
  });

  test('a green stack comes up beside the blue one, which then goes alone', async () => {
    const both = 'Blue:One=v1/,Two=v2/ Green:One=v2/!';
    const { OneArn = '' } = await deploy('Green', both);
    await destroy('Blue', both);
    expect(await models()).toEqual([expect.stringMatching(/^Green-One-/)]);
    expect(OneArn).toMatch(/imported-model/);
  });

  test('a retained model outlives its stack, and the next stack of the name takes it over without a job', async () => {
    const { OneArn } = await stackOutputs(bench.ground, 'Green');
    await destroy('Green', 'Green:One=v2/!');
    expect(await models()).toHaveLength(1);
    const before = await jobs();
    const again = await deploy('Green', 'Green:One=v2/');
    expect(again['OneArn']).toBe(OneArn);
    expect(await jobs()).toBe(before);
  });

  test('an update heals a model that somebody deleted by hand, and destroy leaves nothing', async () => {
    const { OneArn = '' } = await stackOutputs(bench.ground, 'Green');
    await client.send(new DeleteImportedModelCommand({ modelIdentifier: OneArn }));
    const healed = await deploy('Green', 'Green:One=v2/!');
    expect(healed['OneArn']).not.toBe(OneArn);
    expect(await models()).toHaveLength(1);
    await deploy('Green', 'Green:One=v2/');
    await destroy('Green', 'Green:One=v2/');
    await bench.removeBucket(BUCKET);
    const left = await leftovers(bench.ground);
    expect({ left, empty: isEmpty(left) }).toMatchObject({ empty: true });
  });
});
