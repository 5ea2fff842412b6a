import type { IncomingMessage } from 'node:http';

export type Operation =
  | 'ListObjectsV2'
  | 'DeleteObjects'
  | 'ListMultipartUploads'
  | 'HeadObject'
  | 'GetObject'
  | 'PutObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';

/** A request as S3 understands it, its body read. */
export interface Request {
  readonly operation: Operation | undefined;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** Reads method and address, the bucket being the first part of the path. */
export function requestOf({ method = '', url = '', headers }: IncomingMessage): Request {
  const { pathname, searchParams: query } = new URL(url, 'http://s3');
  const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const operation = key === '' ? ofBucket(method, query) : ofObject(method, query, 'x-amz-copy-source' in headers);
  return { operation, bucket, key, query, headers };
}

function ofBucket(method: string, query: URLSearchParams): Operation | undefined {
  if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
  if (method === 'GET' && query.has('uploads')) return 'ListMultipartUploads';
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  return undefined;
}

function ofObject(method: string, query: URLSearchParams, copies: boolean): Operation | undefined {
  const inParts = query.has('uploadId');
  switch (method) {
    case 'HEAD':
      return 'HeadObject';
    case 'GET':
      return inParts ? 'ListParts' : 'GetObject';
    case 'PUT':
      if (inParts) return copies ? 'UploadPartCopy' : 'UploadPart';
      return copies ? undefined : 'PutObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return inParts ? 'CompleteMultipartUpload' : undefined;
    case 'DELETE':
      return inParts ? 'AbortMultipartUpload' : undefined;
    default:
      return undefined;
  }
}
