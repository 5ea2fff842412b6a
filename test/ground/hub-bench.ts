import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws } from '../../local/clients';
import { type Hub, type RepositoryOptions, startHub } from '../../local/hugging-face';
import { writeSampleWeights } from '../../local/sample-weights';
import { stackResources } from '../../local/stacks';
import { type App, type Bench, openBench } from './harness';

export const REPOSITORY = 'openai/gpt-oss-tiny';
export const STACK = 'HuggingFace';

/** A bench, and a Hub with one small model for it. */
export interface HubBench extends Bench {
  readonly hub: Hub;
  /** The app that deploys a revision of the model; more context as `apps/hugging-face.ts` takes it. */
  app(revision: string, more?: Readonly<Record<string, string>>): App;
  /** Name of the bucket that the stack has made. */
  ownBucket(): Promise<string>;
  /** The commits that there are copies of in a bucket. */
  copies(bucket: string): Promise<readonly (string | undefined)[]>;
  keys(bucket: string): Promise<readonly string[]>;
  read(bucket: string, key: string): Promise<Uint8Array>;
  /** Keys of the uploads that nobody has completed or given up. */
  begun(bucket: string): Promise<readonly (string | undefined)[]>;
  /** What the Hub's storage was asked for beside headers: each file, and the byte from which on. */
  copied(): readonly { readonly path: string; readonly from: number; readonly sent: number }[];
}

/** @param access who may read the model; everybody, unless it is given */
export async function openHubBench(access: Omit<RepositoryOptions, 'revisions'> = {}): Promise<HubBench> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-'));
  await writeSampleWeights(folder, { totalParameters: true });
  const hub = await startHub({ repositories: { [REPOSITORY]: { revisions: { main: folder }, ...access } } });
  const bench = await openBench();
  const s3 = new S3Client({ ...aws(bench.ground), forcePathStyle: true });
  const keys = async (Bucket: string) => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
  return {
    ...bench,
    hub,
    app: (revision, more) => ({
      name: 'hugging-face',
      context: { repository: REPOSITORY, endpoint: hub.url, revision, ...more },
    }),
    ownBucket: async () =>
      (await stackResources(bench.ground, STACK)).find(({ type }) => type === 'AWS::S3::Bucket')?.physicalId ?? '',
    copies: async (bucket) => [...new Set((await keys(bucket)).map((key) => key.split('/')[3]?.replace(/-r1$/, '')))],
    keys,
    async read(Bucket, Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    begun: async (Bucket) =>
      ((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).map(({ Key }) => Key),
    copied: () =>
      hub.requests.flatMap(({ kind, method, path = '', range = 'bytes=0-', sent }) => {
        const [, from] = /^bytes=(\d+)-$/.exec(range) ?? [];
        return kind === 'cdn' && method === 'GET' && from ? [{ path, from: Number(from), sent }] : [];
      }),
    stop: async () => {
      s3.destroy();
      await bench.stop();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
