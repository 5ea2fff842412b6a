import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { answerFrames, tokensOf } from './answers';

/** Run by itself, so that its CPU is nobody's else: streams answers over HTTP/2 (AWS's SDK) and HTTP/1.1 (LiteLLM). */
const ready = new Map<number, Buffer>();

async function answer(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const tokens = tokensOf(await buffer(request));
  const frames = ready.get(tokens) ?? Buffer.concat(answerFrames(tokens));
  ready.set(tokens, frames);
  response.writeHead(200, {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amzn-requestid': 'req-bench',
  });
  response.end(frames);
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function main(): Promise<void> {
  const http1 = createServer((request, response) => void answer(request, response));
  const http2 = createHttp2Server((request, response) => void answer(request, response));
  console.log(JSON.stringify({ http1: await listening(http1), http2: await listening(http2) }));
  // whoever started this holds its stdin
  process.stdin.resume().on('end', () => process.exit());
}

void main();
