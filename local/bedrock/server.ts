import { randomUUID } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { administer } from './admin';
import { Bedrock } from './bedrock';
import { AdjustableClock } from './clock';
import { BedrockError, ConnectionCut } from './errors';
import { answer, answerInParts, cut, readBody, type Incoming, type Outgoing } from './exchange';
import { serveHttp } from './http-server';
import { IamRoles } from './iam';
import { operations } from './operations';
import { route } from './routes';
import type { Author } from './runtime/author';
import { CHAT_COMPLETIONS, openAiError } from './runtime/chat-completions';
import type { ModelAnswer, StreamedAnswer } from './runtime/invoke';
import { S3Weights } from './s3';
import type { Switches } from './switches';

export interface BedrockServerOptions {
  /** @default - a free one */
  readonly port?: number;
  /** Where S3 and IAM are. @default 'http://127.0.0.1:4566', where MiniStack listens if not told otherwise */
  readonly awsEndpoint?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** 12 digits. @default '000000000000' */
  readonly account?: string;
  /** @default - the defaults of `switches.ts` */
  readonly switches?: Partial<Switches>;
  /** Who writes the models' answers. @default - the emulator itself */
  readonly author?: Author;
}

export interface BedrockServer {
  /** For `AWS_ENDPOINT_URL_BEDROCK` and `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`. */
  readonly url: string;
  readonly bedrock: Bedrock;
  /** Moves the emulator's time on. */
  readonly clock: AdjustableClock;
  /** Ends open connections too. A second call does nothing. */
  close(): Promise<void>;
}

const adminPath = '/_bedrock/';

/**
 * Starts the Bedrock emulator on a loopback port, over HTTP/1.1 and HTTP/2.
 *
 * @throws the system's error when the port is taken
 */
export async function startBedrockServer(options: BedrockServerOptions = {}): Promise<BedrockServer> {
  const { port = 0, awsEndpoint = 'http://127.0.0.1:4566', region = 'us-east-1', account = '000000000000' } = options;
  // Given in full, so that nothing in the environment can lead these clients to a real account.
  const aws = { endpoint: awsEndpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const s3 = new S3Client({ ...aws, forcePathStyle: true, followRegionRedirects: true });
  const iam = new IAMClient(aws);
  const clock = new AdjustableClock();
  const bedrock = new Bedrock({
    clock,
    weights: new S3Weights(s3, account),
    roles: new IamRoles(iam),
    region,
    account,
    ...(options.switches ? { switches: options.switches } : {}),
    ...(options.author ? { author: options.author } : {}),
  });
  const server = await serveBedrock(bedrock, clock, port);
  const close = async (): Promise<void> => {
    await server.close();
    s3.destroy();
    iam.destroy();
  };
  return { ...server, close };
}

/**
 * Serves a Bedrock whose weights and roles are wherever its maker put them.
 *
 * @param port 0 for a free one
 */
export async function serveBedrock(bedrock: Bedrock, clock: AdjustableClock, port = 0): Promise<BedrockServer> {
  const server = await serveHttp(port, (incoming, outgoing) => void handle(bedrock, clock, incoming, outgoing));
  return { ...server, bedrock, clock };
}

async function handle(bedrock: Bedrock, clock: AdjustableClock, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  try {
    const { method = 'GET', url = '/' } = incoming;
    const body = await readBody(incoming);
    if (url.startsWith(adminPath)) {
      const told = await administer(bedrock, clock, method, url.slice(adminPath.length), body);
      answer(outgoing, told?.status ?? 404, told?.body ?? { message: `no ${method} ${url}` });
    } else if (method === 'POST' && url.startsWith(CHAT_COMPLETIONS)) {
      await serveChatCompletions(bedrock, { authorization: incoming.headers.authorization, body }, outgoing);
    } else {
      await serveCall(bedrock, { method, url, headers: incoming.headers, body }, outgoing);
    }
  } catch (error) {
    if (error instanceof ConnectionCut) cut(incoming);
    else refuse(outgoing, error);
  }
}

async function serveCall(bedrock: Bedrock, request: Parameters<typeof route>[0], outgoing: Outgoing): Promise<void> {
  const found = route(request);
  const requestId = { 'x-amzn-requestid': randomUUID() };
  if (!found) {
    const message = `The Bedrock emulator has no operation ${request.method} ${request.url}`;
    answer(outgoing, 404, { message }, { ...requestId, 'x-amzn-errortype': 'UnknownOperationException' });
    return;
  }
  const result = await bedrock.call(found.operation, found.input);
  const { status } = operations[found.operation];
  if ('frames' in result || 'body' in result) await answerOfModel(outgoing, status, result, requestId);
  else answer(outgoing, status, result, requestId);
}

async function serveChatCompletions(
  bedrock: Bedrock,
  request: Parameters<Bedrock['chatCompletions']>[0],
  outgoing: Outgoing,
): Promise<void> {
  try {
    const result = await bedrock.chatCompletions(request);
    await answerOfModel(outgoing, 200, result, { 'x-amzn-requestid': randomUUID() });
  } catch (error) {
    if (error instanceof ConnectionCut) throw error;
    refuse(outgoing, error, openAiError);
  }
}

async function answerOfModel(
  outgoing: Outgoing,
  status: number,
  result: ModelAnswer | StreamedAnswer,
  requestId: Readonly<Record<string, string>>,
): Promise<void> {
  const headers = { ...requestId, ...result.headers, 'content-type': result.contentType };
  if ('frames' in result) await answerInParts(outgoing, status, result.frames, headers);
  else answer(outgoing, status, result.body, headers);
}

/** An error that is none of Bedrock's is the emulator's own; it goes out as the 500 that clients know how to repeat. */
function refuse(outgoing: Outgoing, error: unknown, bodyOf = bedrocksBody): void {
  const known = error instanceof BedrockError ? error : new BedrockError('InternalServerException', String(error));
  const headers = { 'x-amzn-requestid': randomUUID(), 'x-amzn-errortype': known.name };
  answer(outgoing, known.httpStatus, bodyOf(known), headers);
}

function bedrocksBody({ message, details }: BedrockError): object {
  return { message, ...details };
}
