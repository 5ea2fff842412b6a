import { UsageError } from './usage-error';

/** A folder in S3. */
export interface S3Address {
  readonly bucket: string;
  /** Ends in '/', or is '' for the whole bucket. */
  readonly prefix: string;
}

const SCHEME = 's3://';

export function isS3(text: string): boolean {
  return text.startsWith(SCHEME);
}

/** Reads `s3://bucket/prefix/`, with or without the last '/'. @throws UsageError */
export function s3Address(text: string): S3Address {
  if (!isS3(text)) throw new UsageError(`an address in S3 begins with ${SCHEME}, got '${text}'`);
  const [bucket = '', ...folders] = text.slice(SCHEME.length).split('/');
  if (!/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new UsageError(
      `'${text}' names no bucket: a bucket's name has 3 to 63 small letters, digits, '-' and '.', as in s3://my-weights/med/v3/`,
    );
  }
  const prefix = folders.join('/').replace(/\/$/, '');
  if (prefix !== '' && prefix.split('/').includes('')) throw new UsageError(`'${text}' has an empty part`);
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

export function s3Text({ bucket, prefix }: S3Address): string {
  return `${SCHEME}${bucket}/${prefix}`;
}
