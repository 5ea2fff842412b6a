import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type ListMultipartUploadsCommandOutput,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { MAX_FILES } from '../model-folder';
import { isNameless, storeError } from './s3-failure';
import {
  type Metadata,
  type ObjectHead,
  type Store,
  StoreError,
  type StoredObject,
  type StoredPart,
  type Unfinished,
} from './store';
import { sliced, unsigned } from './tls-body';

export interface S3StoreOptions {
  readonly bucket: string;
  /** Region, credentials, endpoint, as every client takes them; by default those of the SDK's environment. */
  readonly client?: S3ClientConfig;
  /** Key for new objects. @default - the bucket's own encryption */
  readonly kmsKey?: string;
  /** Milliseconds after which a connection on which nothing moves is given up. @default 120000 */
  readonly idleMs?: number;
  /** Account id: calls to a bucket of another owner are refused. @default - not checked */
  readonly owner?: string;
}

/** DeleteObjects takes no more. */
const REMOVED_AT_ONCE = 1000;

/** S3 may take a minute to complete a large object; a dead connection would be waited for without an end. */
const IDLE_MS = 120_000;
const CONNECT_MS = 10_000;

/** A bucket. It repeats nothing by itself and adds no checksums of its own: transfers do both, once. */
export function s3Store(options: S3StoreOptions): Store {
  const { bucket: Bucket, kmsKey } = options;
  const client = transferClient(options.client ?? {}, options.idleMs ?? IDLE_MS);
  const where = { Bucket, ...(options.owner && { ExpectedBucketOwner: options.owner }) };
  const encryption = kmsKey ? ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } as const) : {};
  const of = ({ key, id }: Unfinished) => ({ ...where, Key: key, UploadId: id });

  return {
    bucket: Bucket,

    list: (prefix, abortSignal) =>
      told(`list s3://${Bucket}/${prefix}`, abortSignal, async () => {
        const objects: StoredObject[] = [];
        for await (const page of paginateListObjectsV2({ client }, { ...where, Prefix: prefix })) {
          for (const { Key: key = '', Size: size = 0, ETag: etag = '' } of page.Contents ?? [])
            objects.push({ key, size, etag });
          abortSignal.throwIfAborted();
          // a part of a listing would say of what is there that it is missing
          if (objects.length > MAX_FILES)
            throw new StoreError('refused', 'TooManyObjects', `more than ${MAX_FILES} objects are no model's folder`);
        }
        return objects;
      }),

    head: (Key, abortSignal) =>
      told(`look at s3://${Bucket}/${Key}`, abortSignal, async () => {
        const command = new HeadObjectCommand({ ...where, Key, ChecksumMode: 'ENABLED' });
        const head = await client.send(command, { abortSignal }).catch(async (error: unknown) => {
          // expired credentials are a bare 400 here: only an answer with a body says so
          if (isNameless(error))
            await client.send(new GetObjectCommand({ ...where, Key, Range: 'bytes=0-0' }), { abortSignal });
          throw error;
        });
        return objectHead(head, head.ContentLength ?? 0);
      }).catch((error: unknown) => {
        if (error instanceof StoreError && error.failure === 'missing' && error.code !== 'NoSuchBucket')
          return undefined;
        throw error;
      }),

    read: (key, { position, into, etag }, abortSignal) =>
      told(`read s3://${Bucket}/${key}`, abortSignal, async () => {
        const Range = `bytes=${position}-${position + into.length - 1}`;
        const command = new GetObjectCommand({ ...where, Key: key, Range, IfMatch: etag });
        const { Body } = await client.send(command, { abortSignal });
        const filled = await fill(into, Body instanceof Readable ? Body : undefined);
        if (filled !== into.length)
          throw new StoreError('cut', 'IncompleteBody', `${filled} of ${into.length} bytes came`);
      }),

    put: (key, Body, ChecksumCRC32, abortSignal, Metadata) =>
      told(`send s3://${Bucket}/${key}`, abortSignal, () =>
        client.send(new PutObjectCommand({ ...where, ...encryption, Key: key, Body, ChecksumCRC32, Metadata }), {
          abortSignal,
        }),
      ).then((answer) => objectHead(answer, Body.length)),

    begin: (key, abortSignal, Metadata) =>
      told(`begin s3://${Bucket}/${key}`, abortSignal, async () => {
        const checksum = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
        const command = new CreateMultipartUploadCommand({ ...where, ...encryption, ...checksum, Key: key, Metadata });
        const { UploadId } = await client.send(command, { abortSignal });
        if (!UploadId) throw new Error('the answer has no upload id');
        return UploadId;
      }),

    unfinished: (prefix, abortSignal) =>
      told(`list unfinished uploads to s3://${Bucket}/${prefix}`, abortSignal, async () => {
        const found: Unfinished[] = [];
        let page: ListMultipartUploadsCommandOutput | undefined;
        do {
          const after = page && { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
          page = await client.send(new ListMultipartUploadsCommand({ ...where, Prefix: prefix, ...after }), {
            abortSignal,
          });
          for (const { Key = '', UploadId = '' } of page.Uploads ?? []) found.push({ key: Key, id: UploadId });
        } while (page.IsTruncated && page.NextKeyMarker && found.length < MAX_FILES);
        return found;
      }),

    parts: (upload, abortSignal) =>
      told(`list the parts of s3://${Bucket}/${upload.key}`, abortSignal, async () => {
        const parts: StoredPart[] = [];
        let page: ListPartsCommandOutput | undefined;
        // not the SDK's paginator: it goes on for ever, as the last page names a next one, too
        do {
          const command = new ListPartsCommand({ ...of(upload), PartNumberMarker: page?.NextPartNumberMarker });
          page = await client.send(command, { abortSignal });
          for (const { PartNumber = 0, Size = 0, ETag = '', ChecksumCRC32: crc32 } of page.Parts ?? []) {
            parts.push({ number: PartNumber, size: Size, etag: ETag, ...(crc32 && { crc32 }) });
          }
        } while (page.IsTruncated && page.Parts?.length);
        return parts;
      }),

    sendPart: (upload, number, Body, ChecksumCRC32, abortSignal) =>
      told(`send part ${number} of s3://${Bucket}/${upload.key}`, abortSignal, () =>
        client.send(new UploadPartCommand({ ...of(upload), PartNumber: number, Body, ChecksumCRC32 }), { abortSignal }),
      ).then(({ ETag = '', ChecksumCRC32: crc32 }) => ({
        number,
        size: Body.length,
        etag: ETag,
        ...(crc32 && { crc32 }),
      })),

    copyPart: (upload, number, from, abortSignal) =>
      told(`copy part ${number} of s3://${Bucket}/${upload.key}`, abortSignal, () => {
        const CopySource = [from.bucket, ...from.key.split('/')].map(encodeURIComponent).join('/');
        // of an object below 5 MiB S3 copies no range
        const range = `bytes=${from.position}-${from.position + from.size - 1}`;
        const source = { CopySource, CopySourceIfMatch: from.etag, ...(!from.whole && { CopySourceRange: range }) };
        return client.send(new UploadPartCopyCommand({ ...of(upload), ...source, PartNumber: number }), {
          abortSignal,
        });
      }).then(({ CopyPartResult: { ETag = '', ChecksumCRC32: crc32 } = {} }) => ({
        number,
        size: from.size,
        etag: ETag,
        ...(crc32 && { crc32 }),
      })),

    complete: (upload, { parts, size, crc32 }, abortSignal) =>
      told(`complete s3://${Bucket}/${upload.key}`, abortSignal, () => {
        const Parts = parts.map((part) => ({ PartNumber: part.number, ETag: part.etag, ChecksumCRC32: part.crc32 }));
        const full = { ChecksumType: 'FULL_OBJECT', ChecksumCRC32: crc32 } as const;
        const checksum = { MpuObjectSize: size, ...(crc32 && full) };
        const command = new CompleteMultipartUploadCommand({ ...of(upload), ...checksum, MultipartUpload: { Parts } });
        return client.send(command, { abortSignal });
      }).then((answer) => objectHead(answer, size)),

    giveUp: (upload, abortSignal) =>
      told(`give up s3://${Bucket}/${upload.key}`, abortSignal, async () => {
        await client.send(new AbortMultipartUploadCommand(of(upload)), { abortSignal });
      }),

    remove: (keys, abortSignal) =>
      told(`remove files from s3://${Bucket}`, abortSignal, async () => {
        for (let start = 0; start < keys.length; start += REMOVED_AT_ONCE) {
          const Objects = keys.slice(start, start + REMOVED_AT_ONCE).map((Key) => ({ Key }));
          const command = new DeleteObjectsCommand({ ...where, Delete: { Objects, Quiet: true } });
          const { Errors: [first] = [] } = await client.send(command, { abortSignal });
          if (first) throw Object.assign(new Error(`${first.Key}: ${first.Message}`), { name: first.Code });
        }
      }),
  };
}

/**
 * A client for bodies whose CRC we give ourselves. We don't ask for leave before sending a body (`Expect`): it waits a
 * round trip.
 */
function transferClient(config: S3ClientConfig, socketTimeout: number): S3Client {
  const client = new S3Client({
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout },
    ...config,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
  });
  client.middlewareStack.add(
    (next) => (args) => {
      unsigned(args.request);
      return next(args);
    },
    { step: 'build', name: 'unsignedPayload' },
  );
  client.middlewareStack.add(
    (next) => (args) => {
      sliced(args.request);
      return next(args);
    },
    { step: 'deserialize', name: 'slicedBody' },
  );
  return client;
}

async function told<T>(what: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await call();
  } catch (error) {
    signal.throwIfAborted();
    throw storeError(error, what);
  }
}

async function fill(into: Uint8Array, body: AsyncIterable<Uint8Array> | undefined): Promise<number> {
  let filled = 0;
  for await (const chunk of body ?? []) {
    if (filled + chunk.length > into.length)
      throw new StoreError('refused', 'TooLong', 'more bytes came than were asked for');
    into.set(chunk, filled);
    filled += chunk.length;
  }
  return filled;
}

interface Answer {
  readonly ETag?: string;
  readonly VersionId?: string;
  readonly ChecksumCRC32?: string;
  readonly Metadata?: Metadata;
}

function objectHead({ ETag = '', VersionId, ChecksumCRC32, Metadata: metadata }: Answer, size: number): ObjectHead {
  return {
    size,
    etag: ETag,
    ...(VersionId && { versionId: VersionId }),
    ...(ChecksumCRC32 && { crc32: ChecksumCRC32 }),
    ...(metadata && { metadata }),
  };
}
