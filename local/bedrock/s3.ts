import {
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  S3Client,
  S3ServiceException,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { parsePolicy, type PolicyDocument } from './policy';
import type { Bucket, Weights, WeightFile } from './ports';

/** Weights in the S3 behind an endpoint on this machine, all of whose buckets belong to one account. */
export class S3Weights implements Weights {
  constructor(
    private readonly client: S3Client,
    private readonly account: string,
  ) {}

  async bucket(name: string): Promise<Bucket | undefined> {
    try {
      const { BucketRegion } = await this.client.send(new HeadBucketCommand({ Bucket: name }));
      const policy = await this.#policy(name);
      return { region: BucketRegion ?? 'us-east-1', owner: this.account, ...(policy ? { policy } : {}) };
    } catch (error) {
      if (isNamed(error, 'NotFound', 'NoSuchBucket')) return undefined;
      throw error;
    }
  }

  async list(bucket: string, prefix: string): Promise<readonly WeightFile[]> {
    const files: WeightFile[] = [];
    for await (const page of paginateListObjectsV2({ client: this.client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) files.push({ key: Key, size: Size ?? 0 });
      }
    }
    return files;
  }

  async read(bucket: string, key: string, start: number, length: number): Promise<Uint8Array> {
    // HTTP has no way to ask for no bytes.
    if (length === 0) return new Uint8Array();
    const range = `bytes=${start}-${start + length - 1}`;
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async #policy(bucket: string): Promise<PolicyDocument | undefined> {
    try {
      const { Policy } = await this.client.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      return Policy === undefined ? undefined : parsePolicy(Policy, `the policy of bucket ${bucket}`);
    } catch (error) {
      if (isNamed(error, 'NoSuchBucketPolicy')) return undefined;
      throw error;
    }
  }
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof S3ServiceException && names.includes(error.name);
}
