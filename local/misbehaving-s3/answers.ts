import type { Answer, Calls, Rules } from './call';
import type { Contents } from './contents';
import { type Fault, S3Error } from './faults';
import { LISTINGS } from './listings';
import { OBJECTS } from './objects';
import type { Request } from './operations';
import { PARTED_UPLOADS } from './parted-uploads';

const CALLS: Calls = { ...LISTINGS, ...OBJECTS, ...PARTED_UPLOADS };

/** Does what the request asks, and answers as S3 does. @throws S3Error */
export function answer(request: Request, body: Buffer, contents: Contents, rules: Rules, fault?: Fault): Answer {
  const objects = contents.buckets.get(request.bucket);
  if (!objects) throw new S3Error('NoSuchBucket', 'no such bucket');
  if (!request.operation) throw new S3Error('NotImplemented', 'this server has no such call');
  if (request.headers['content-encoding']?.includes('aws-chunked')) throw new S3Error('NotImplemented', 'no chunks');
  return CALLS[request.operation]({ ...request, body, contents, objects, rules, fault });
}
