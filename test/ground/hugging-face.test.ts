import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws } from '../../local/clients';
import { type Hub, startHub, strike } from '../../local/hugging-face';
import { leftovers } from '../../local/leftovers';
import { writeSampleWeights } from '../../local/sample-weights';
import { stackResources } from '../../local/stacks';
import { type App, type Bench, openBench } from './harness';

jest.setTimeout(240_000);

const REPOSITORY = 'openai/gpt-oss-tiny';
const STACK = 'HuggingFace';

/** A repository of Hugging Face on its way to a model, by the real cdk, Step Functions and Lambda's processes. */
describe('a Hugging Face source', () => {
  let bench: Bench;
  let hub: Hub;
  let folder: string;
  let moved: string;
  let s3: S3Client;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hub-'));
    await writeSampleWeights(folder, { totalParameters: true });
    moved = mkdtempSync(join(tmpdir(), 'hub-'));
    await writeSampleWeights(moved, { format: 'mxfp4' });
    hub = await startHub({ repositories: { [REPOSITORY]: folder } });
    bench = await openBench();
    s3 = new S3Client({ ...aws(bench.ground), forcePathStyle: true });
  });

  afterAll(async () => {
    s3.destroy();
    await bench.stop();
    await hub.close();
    for (const path of [folder, moved]) rmSync(path, { recursive: true, force: true });
  });

  beforeEach(() => {
    hub.mischief = undefined;
  });

  const app = (revision: string, more: Readonly<Record<string, string>> = {}): App => ({
    name: 'hugging-face',
    context: { repository: REPOSITORY, endpoint: hub.url, revision, ...more },
  });

  const bucket = async () =>
    (await stackResources(bench.ground, STACK)).find(({ type }) => type === 'AWS::S3::Bucket')?.physicalId ?? '';

  /** The commits that there are copies of. */
  const copies = async (Bucket: string) => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return [...new Set(Contents.map(({ Key = '' }) => Key.split('/')[3]?.replace(/-r1$/, '')))];
  };

  const requestsForBytes = () => hub.requests.filter(({ kind, method }) => kind === 'cdn' && method === 'GET');

  test('fails the deployment when a file never comes as the Hub says, and leaves nothing', async () => {
    const { commit } = await hub.at(REPOSITORY);
    hub.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn' });
    const { exitCode, output } = await bench.deploy(STACK, app(commit));
    expect(exitCode).toBe(1);
    expect(output).toContain('safetensors');
    expect(output).toContain("other bytes than the Hub's hash tells");
    expect((await bench.destroy(STACK, app(commit))).exitCode).toBe(0);
    expect(await leftovers(bench.ground)).toMatchObject({ models: [], 'running jobs': [], buckets: [] });
  });

  test('ends with a model whose weights are those of the Hub, and a second deployment copies nothing', async () => {
    const { commit, files } = await hub.at(REPOSITORY);
    const deployed = await bench.deploy(STACK, app(commit));
    expect(deployed).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`Prefix = hf/${REPOSITORY}/${commit}-r1/`) as string,
    });
    expect(await leftovers(bench.ground)).toMatchObject({ models: [expect.anything()] });

    const Bucket = await bucket();
    const weights = [...files.values()].filter(({ path }) => path.endsWith('.safetensors'));
    expect(weights.length).toBeGreaterThan(1);
    for (const { path, lfs } of weights) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `hf/${REPOSITORY}/${commit}-r1/${path}` }));
      const sha256 = createHash('sha256')
        .update((await Body?.transformToByteArray()) ?? '')
        .digest('hex');
      expect(sha256).toBe(lfs?.sha256);
    }
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).toEqual([]);

    const before = requestsForBytes().length;
    expect((await bench.deploy(STACK, app(commit))).exitCode).toBe(0);
    expect(requestsForBytes()).toHaveLength(before);
  });

  test('of a branch that has moved is another model, and the copy that nobody wants any more goes', async () => {
    const Bucket = await bucket();
    const { exitCode, output } = await bench.deploy(STACK, app('main'));
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('pin it') as string });
    expect(await copies(Bucket)).toEqual([(await hub.at(REPOSITORY)).commit]);

    await hub.move(REPOSITORY, 'next', moved);
    expect((await bench.deploy(STACK, app('next'))).exitCode).toBe(0);
    expect(await copies(Bucket)).toEqual([(await hub.at(REPOSITORY, 'next')).commit]);
    expect(await leftovers(bench.ground)).toMatchObject({ models: [expect.anything()] });
  });

  test('leaves nothing but its bucket when it is destroyed', async () => {
    const Bucket = await bucket();
    expect((await bench.destroy(STACK, app('next'))).exitCode).toBe(0);
    expect(await copies(Bucket)).toEqual([]);
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
    const cached = app(commit, { bucket: 'cache' });
    hub.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn', path: 'model-00002-of-00002.safetensors' });
    expect((await bench.deploy(STACK, cached)).exitCode).toBe(1);
    expect((await bench.destroy(STACK, cached)).exitCode).toBe(0);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket: 'cache' }))).Uploads ?? []).toEqual([]);

    hub.mischief = undefined;
    expect((await bench.deploy(STACK, cached)).exitCode).toBe(0);
    expect((await bench.destroy(STACK, cached)).exitCode).toBe(0);
    expect(await copies('cache')).toEqual([commit]);

    const before = requestsForBytes().length;
    expect((await bench.deploy(STACK, cached)).exitCode).toBe(0);
    expect(requestsForBytes()).toHaveLength(before);
    expect((await bench.destroy(STACK, cached)).exitCode).toBe(0);
    await bench.removeBucket('cache');
  });
});
