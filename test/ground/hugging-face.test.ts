import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hub, strike } from '../../local/hugging-face';
import { leftovers } from '../../local/leftovers';
import { writeSampleWeights } from '../../local/sample-weights';
import { type HubBench, openHubBench, REPOSITORY, STACK } from './hub-bench';

jest.setTimeout(240_000);

/** A repository of Hugging Face on its way to a model, by the real cdk, Step Functions and Lambda's processes. */
describe('a Hugging Face source', () => {
  let bench: HubBench;
  let hub: Hub;
  let moved: string;

  beforeAll(async () => {
    moved = mkdtempSync(join(tmpdir(), 'hub-'));
    await writeSampleWeights(moved, { format: 'mxfp4' });
    bench = await openHubBench();
    ({ hub } = bench);
  });

  afterAll(async () => {
    await bench.stop();
    rmSync(moved, { recursive: true, force: true });
  });

  beforeEach(() => {
    hub.mischief = undefined;
  });

  const requestsForBytes = () => hub.requests.filter(({ kind, method }) => kind === 'cdn' && method === 'GET');

  test('fails the deployment when a file never comes as the Hub says, and leaves nothing', async () => {
    const { commit } = await hub.at(REPOSITORY);
    hub.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn' });
    const { exitCode, output } = await bench.deploy(STACK, bench.app(commit));
    expect(exitCode).toBe(1);
    expect(output).toContain('safetensors');
    expect(output).toContain("other bytes than the Hub's hash tells");
    expect((await bench.destroy(STACK, bench.app(commit))).exitCode).toBe(0);
    expect(await leftovers(bench.ground)).toMatchObject({ models: [], 'running jobs': [], buckets: [] });
  });

  test('ends with a model whose weights are those of the Hub, and a second deployment copies nothing', async () => {
    const { commit, files } = await hub.at(REPOSITORY);
    const deployed = await bench.deploy(STACK, bench.app(commit));
    expect(deployed).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`Prefix = hf/${REPOSITORY}/${commit}-r1/`) as string,
    });
    expect(await leftovers(bench.ground)).toMatchObject({ models: [expect.anything()] });

    const Bucket = await bench.ownBucket();
    const weights = [...files.values()].filter(({ path }) => path.endsWith('.safetensors'));
    expect(weights.length).toBeGreaterThan(1);
    for (const { path, lfs } of weights) {
      const bytes = await bench.read(Bucket, `hf/${REPOSITORY}/${commit}-r1/${path}`);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(lfs?.sha256);
    }
    expect(await bench.begun(Bucket)).toEqual([]);

    const before = requestsForBytes().length;
    expect((await bench.deploy(STACK, bench.app(commit))).exitCode).toBe(0);
    expect(requestsForBytes()).toHaveLength(before);
  });

  test('of a branch that has moved is another model, and the copy that nobody wants any more goes', async () => {
    const Bucket = await bench.ownBucket();
    const { exitCode, output } = await bench.deploy(STACK, bench.app('main'));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('pin it') as string });
    expect(await bench.copies(Bucket)).toEqual([(await hub.at(REPOSITORY)).commit]);

    await hub.move(REPOSITORY, 'next', moved);
    expect((await bench.deploy(STACK, bench.app('next'))).exitCode).toBe(0);
    expect(await bench.copies(Bucket)).toEqual([(await hub.at(REPOSITORY, 'next')).commit]);
    expect(await leftovers(bench.ground)).toMatchObject({ models: [expect.anything()] });
  });

  test('leaves nothing but its bucket when it is destroyed', async () => {
    const Bucket = await bench.ownBucket();
    expect((await bench.destroy(STACK, bench.app('next'))).exitCode).toBe(0);
    expect(await bench.copies(Bucket)).toEqual([]);
    expect(await leftovers(bench.ground)).toMatchObject({
      models: [],
      'running jobs': [],
      buckets: [Bucket],
      functions: [],
      roles: [],
    });
  });

  test('goes on with a bucket that was given where a failed deployment stopped, and leaves it as a cache', async () => {
    const { commit } = await hub.at(REPOSITORY);
    await bench.makeBucket('cache');
    const cached = bench.app(commit, { bucket: 'cache' });
    hub.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn', path: 'model-00002-of-00002.safetensors' });
    expect((await bench.deploy(STACK, cached)).exitCode).toBe(1);
    expect((await bench.destroy(STACK, cached)).exitCode).toBe(0);
    expect(await bench.begun('cache')).toEqual([]);

    hub.mischief = undefined;
    const failed = bench.copied().length;
    expect((await bench.deploy(STACK, cached)).exitCode).toBe(0);
    // the other shard was there already
    const again = bench.copied().slice(failed);
    expect(again.map(({ path }) => path)).toEqual(['model-00002-of-00002.safetensors']);
    expect((await bench.destroy(STACK, cached)).exitCode).toBe(0);
    expect(await bench.copies('cache')).toEqual([commit]);

    const before = requestsForBytes().length;
    expect((await bench.deploy(STACK, cached)).exitCode).toBe(0);
    expect(requestsForBytes()).toHaveLength(before);
    expect((await bench.destroy(STACK, cached)).exitCode).toBe(0);
    await bench.removeBucket('cache');
  });
});
