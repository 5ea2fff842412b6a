import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from './answers';
import type { Answer, Rules } from './call';
import type { Content, Contents } from './contents';
import { type Asked, damaged, ERRORS, isError, type Mischief, S3Error } from './faults';
import { requestOf } from './operations';
import { xml } from './xml';

export type { Asked, Fault, Mischief } from './faults';
export { ERRORS, WAYS } from './faults';
export type { Operation } from './operations';

export interface MisbehavingS3Options extends Partial<Rules> {
  readonly buckets: readonly string[];
}

/**
 * A small S3 in memory that does what it is told to do wrong, and else what S3 documents. One account; signatures aren't
 * looked at.
 */
export interface MisbehavingS3 {
  /** `http://127.0.0.1:<port>`, for clients with `forcePathStyle`. */
  readonly url: string;
  /** What goes wrong from now on; undefined for nothing. */
  mischief: Mischief | undefined;
  /** Milliseconds that a 'slow' answer takes. */
  slowMs: number;
  /** Every request, the failed ones too, oldest first. */
  readonly asked: (Asked & { readonly bytes: number })[];
  /** The content of a bucket, by key. */
  objects(bucket: string): Map<string, Content>;
  /** Waits until nothing is being answered any more: a client that has gone does not stop a request. */
  idle(): Promise<void>;
  /** How many objects in parts are unfinished. */
  unfinished(): number;
  stop(): Promise<void>;
}

/** S3's own bound, of the sizes of bodies that are kept in memory. */
const MAX_BODY = 64 * 1024 * 1024;

export async function startMisbehavingS3(options: MisbehavingS3Options): Promise<MisbehavingS3> {
  const { buckets, checksums = 'full', pageSize = 1000, smallestPart = 5 * 1024 * 1024 } = options;
  const contents: Contents = { buckets: new Map(buckets.map((name) => [name, new Map()])), uploads: new Map() };
  const rules = { checksums, pageSize, smallestPart };
  let answering = 0;
  const server = createServer((message, response) => {
    answering++;
    serve(message, response)
      .catch(() => response.destroy())
      .finally(() => answering--);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');

  const s3: MisbehavingS3 = {
    url: `http://127.0.0.1:${address.port}`,
    mischief: undefined,
    slowMs: 20,
    asked: [],
    objects: (bucket) => contents.buckets.get(bucket) ?? new Map<string, Content>(),
    unfinished: () => contents.uploads.size,
    idle: async () => {
      while (answering > 0) await sleep(1);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(message);
    const partNumber = Number(request.query.get('partNumber') ?? 0);
    const count = s3.asked.length + 1;
    const about = { operation: request.operation ?? 'HeadObject', key: request.key, partNumber, count };
    const fault = s3.mischief?.(about);
    const bytes = Number(message.headers['content-length'] ?? 0);
    s3.asked.push({ ...about, bytes });
    const body = await bodyOf(message, fault === 'cut-request' ? Math.floor(bytes / 2) : MAX_BODY);
    if (fault === 'cut-request') return void message.socket.destroy();
    if (fault === 'hang') return;
    if (fault === 'slow') await sleep(s3.slowMs);
    const done = attempt(() => {
      if (isError(fault)) throw new S3Error(fault);
      if (fault === 'error-in-success') throw new S3Error('InternalError');
      const received = fault === 'damage-request' ? damaged(body) : body;
      return answer(request, received, contents, rules, fault);
    });
    if (fault === 'cut-answer') return void message.socket.destroy();
    const told = fault === 'error-in-success' ? { ...done, status: 200 } : done;
    response.writeHead(told.status, { 'content-length': told.body.length.toString(), ...told.headers });
    response.end(message.method === 'HEAD' ? undefined : told.body);
  }
  return s3;
}

/** The body up to so many bytes; what comes after them stays where it is. */
async function bodyOf(message: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a request is read in bytes');
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks);
}

function attempt(call: () => Answer): Answer {
  try {
    return call();
  } catch (error) {
    if (error instanceof S3Error) return failure(error);
    throw error;
  }
}

function failure({ code, message }: S3Error): Answer {
  const body = xml('Error', [
    ['Code', code],
    ['Message', message],
    ['RequestId', 'local'],
  ]);
  return { status: ERRORS[code], headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}
