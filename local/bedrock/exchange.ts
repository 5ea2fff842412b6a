import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Http2ServerRequest, type Http2ServerResponse } from 'node:http2';

/** A request of either version of HTTP. */
export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** InvokeModel's published limit is the largest; a little more, so that it is the API that refuses it. */
const maxBodyBytes = 26_000_000;

/** @throws Error when the body is larger than any operation takes */
export async function readBody(incoming: Incoming): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error(`the request's body is larger than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function answer(
  outgoing: Outgoing,
  status: number,
  body: object | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  begin(outgoing, status, { 'content-type': 'application/json', ...headers });
  outgoing.end(body instanceof Uint8Array ? body : JSON.stringify(body));
}

/** Sends each part when it is there, no faster than it is read, until the other side goes away. */
export async function answerInParts(
  outgoing: Outgoing,
  status: number,
  parts: AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  begin(outgoing, status, headers);
  const stream: NodeJS.WritableStream = outgoing; // the two kinds' own write() have no common form
  const reader = { isGone: false }; // of HTTP/2, `destroyed` does not tell
  const gone = once(outgoing, 'close').then(() => {
    reader.isGone = true;
  });
  for await (const part of parts) {
    if (reader.isGone) return;
    if (!stream.write(part)) await Promise.race([once(outgoing, 'drain'), gone]);
  }
  outgoing.end();
}

function begin(outgoing: Outgoing, status: number, headers: Readonly<Record<string, string>>): void {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
}

/** Ends the connection without an answer, as a network that fails does. */
export function cut(incoming: Incoming): void {
  if (incoming instanceof Http2ServerRequest) incoming.stream.session?.destroy();
  else incoming.socket.destroy();
}
