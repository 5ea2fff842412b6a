import { S3Client } from '@aws-sdk/client-s3';
import type { ModelFolder } from '../../weights/model-folder';
import { s3Folder } from '../../weights/s3';
import { awsCall, CALL_TIMEOUTS } from './aws-call';
import { CallFailed } from './port';

/** Some servers send the checksum of the whole object with a range of it. */
const CLIENT = { maxAttempts: 2, requestHandler: CALL_TIMEOUTS, responseChecksumValidation: 'WHEN_REQUIRED' } as const;

/** The folder of weights, with S3's errors in the kinds that the handler decides by. */
export function weightsFolders(client = new S3Client(CLIENT)) {
  return (bucket: string, prefix: string): ModelFolder => {
    const folder = s3Folder(client, bucket, prefix);
    const reading = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
      try {
        return await awsCall(`${name} on ${folder.address}`, call);
      } catch (error) {
        throw error instanceof CallFailed ? explained(error, bucket) : error;
      }
    };
    return {
      address: folder.address,
      list: () => reading('ListObjectsV2', () => folder.list()),
      readText: (name, maxBytes) => reading('GetObject', () => folder.readText(name, maxBytes)),
      readBytes: (name, offset, length) => reading('GetObject', () => folder.readBytes(name, offset, length)),
    };
  };
}

function explained(failed: CallFailed, bucket: string): CallFailed {
  const name = failed.cause instanceof Error ? failed.cause.name : '';
  // deleted between listing and reading: the next poll sees what is there then
  if (name === 'NoSuchKey') return new CallFailed('passing', failed.call, failed.message, { cause: failed.cause });
  if (name === 'NoSuchBucket') {
    const why = `bucket ${bucket} does not exist; make it in this Region and put the weights there, or give the source another`;
    return new CallFailed(failed.kind, failed.call, why, { cause: failed.cause });
  }
  if (name !== 'PermanentRedirect' && name !== 'AuthorizationHeaderMalformed') return failed;
  const why = `bucket ${bucket} is in another Region than the stack, and Bedrock imports from a bucket of its own Region; copy the weights to one`;
  return new CallFailed('invalid', failed.call, why, { cause: failed.cause });
}
