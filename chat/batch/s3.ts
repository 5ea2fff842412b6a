import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { BatchFiles } from './port';

export type { S3Client };

/** Objects by their URIs, with the SDK's own retries. */
export function s3Files(region: string | undefined, given: S3Client | undefined): BatchFiles {
  const client = given ?? new S3Client({ ...(region && { region }) });
  return {
    write: async (uri, text) => {
      await client.send(new PutObjectCommand({ ...place(uri), Body: text, ContentType: 'application/jsonl' }));
    },

    list: async (uri) => {
      const { Bucket, Key } = place(uri);
      const uris: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: Key })) {
        for (const object of page.Contents ?? []) uris.push(`s3://${Bucket}/${object.Key ?? ''}`);
      }
      return uris;
    },

    async *read(uri) {
      const { Body } = await client.send(new GetObjectCommand(place(uri)));
      if (!Body) return;
      const reader: ReadableStreamDefaultReader<Uint8Array> = Body.transformToWebStream().getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    },
  };
}

function place(uri: string): { Bucket: string; Key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { Bucket: bucket, Key: key };
}
