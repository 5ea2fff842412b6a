import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { aws } from './clients';
import type { Ground } from './ground';

const s3 = (ground: Ground) => new S3Client({ ...aws(ground), forcePathStyle: true });

/** Uploads a folder's files under a prefix, one after the other, and tells of each. */
export async function uploadFolder(
  ground: Ground,
  folder: string,
  to: { readonly bucket: string; readonly prefix: string },
  uploaded: (file: string, bytes: number) => void = () => undefined,
): Promise<void> {
  const client = s3(ground);
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name);
    const params = { Bucket: to.bucket, Key: `${to.prefix}${name}`, Body: createReadStream(file) };
    await new Upload({ client, params }).done();
    uploaded(name, (await stat(file)).size);
  }
}

/** Deletes every object of a bucket in every version, so that the bucket itself can be deleted. */
export async function emptyBucket(ground: Ground, bucket: string): Promise<number> {
  const client = s3(ground);
  for (let deleted = 0; ;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (objects.length === 0) return deleted;
    const Objects = objects.map(({ Key = '', VersionId }) => ({ Key, VersionId }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
    deleted += objects.length;
  }
}
