import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './answers';
import { damagedAt, firstOf, slowly } from './bodies';
import type { Bytes } from './contents';
import type { Fault } from './faults';
import type { Recorded } from './journal';

export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends open connections too. A second call does nothing. */
  close(): Promise<void>;
}

/** @param port 0 for a free one @throws the system's error when the port is taken */
export async function serve(
  port: number,
  handle: (message: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpServer> {
  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      // a client that has gone away is no error of ours; a folder that has gone is, and is told
      if (response.headersSent || message.destroyed) response.destroy();
      else response.writeHead(500).end(String(error));
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Sends an answer with what goes wrong on its way, and writes down what was sent. */
export async function send(response: ServerResponse, answer: Answer, recorded: Recorded, fault?: Fault): Promise<void> {
  const off = fault?.kind === 'content-length' ? fault.off : 0;
  const length = Math.max(0, answer.length + off).toString();
  recorded.status = answer.status;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  if (recorded.method === 'HEAD') return void response.end();
  response.flushHeaders(); // for they come even where nothing of the body does
  const body = async function* () {
    for await (const chunk of onItsWay(answer, fault)) {
      recorded.sent += chunk.length;
      yield chunk;
    }
  };
  const endsEarly = fault?.kind === 'cut' || off !== 0;
  await pipeline(Readable.from(body()), response, { end: !endsEarly });
  if (endsEarly) response.socket?.destroySoon(); // once what was sent so far has left
}

function onItsWay({ body, length }: Answer, fault: Fault | undefined): Bytes {
  if (fault?.kind === 'cut') return firstOf(body, fault.after);
  if (fault?.kind === 'wrong-byte') return damagedAt(body, fault.at ?? Math.floor(length / 2));
  if (fault?.kind === 'slow') return slowly(body, fault.bytesPerSecond);
  return body;
}
