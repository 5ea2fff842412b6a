import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { MAX_FILES, Unreadable, type ModelFile, type ModelFolder } from './model-folder';

/** The folder below a prefix of a bucket. The prefix ends in '/', or is '' for the whole bucket. */
export function s3Folder(client: S3Client, bucket: string, prefix: string): ModelFolder {
  const readBytes = async (name: string, offset: number, length: number): Promise<Uint8Array> => {
    if (length === 0) return new Uint8Array();
    const range = `bytes=${offset}-${offset + length - 1}`;
    try {
      const request = new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${name}`, Range: range });
      const { Body } = await client.send(request);
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      // a range that begins behind the end of the object
      if (error instanceof Error && error.name === 'InvalidRange') return new Uint8Array();
      throw error;
    }
  };
  return {
    address: `s3://${bucket}/${prefix}`,

    async list() {
      const files: ModelFile[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
          // consoles make an empty object "folder/" to show a folder
          if (!Key.endsWith('/')) files.push({ name: Key.slice(prefix.length), size: Size, etag: ETag });
        }
        if (files.length > MAX_FILES) break;
      }
      return files;
    },

    async readText(name, maxBytes) {
      const bytes = await readBytes(name, 0, maxBytes + 1);
      if (bytes.length > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return Buffer.from(bytes).toString('utf8');
    },

    readBytes,
  };
}
