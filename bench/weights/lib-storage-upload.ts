import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** `lib-storage-upload.js FOLDER BUCKET PREFIX`: what people write who have the SDK: a stream a file, four files at a time. */
async function main(folder: string, bucket: string, prefix: string): Promise<void> {
  const client = new S3Client({ forcePathStyle: true });
  const names = readdirSync(folder).values();
  const worker = async () => {
    for (const name of names) {
      const params = { Bucket: bucket, Key: `${prefix}${name}`, Body: createReadStream(join(folder, name)) };
      await new Upload({ client, params }).done();
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

const [folder = '', bucket = '', prefix = ''] = process.argv.slice(2);
void main(folder, bucket, prefix);
