import { once } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import type { Incoming, Outgoing } from './exchange';

export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** How every HTTP/2 connection begins ("PRI * HTTP/2.0"), and no HTTP/1 request. */
const http2Start = 'PRI';

/**
 * Serves HTTP/1.1 and HTTP/2 without TLS on one loopback port. The JavaScript client of Bedrock's runtime speaks HTTP/2
 * even to `http://` endpoints, the control plane's and all other clients HTTP/1.1: the first bytes tell.
 *
 * @param port 0 for a free one
 */
export async function serveHttp(
  port: number,
  handle: (incoming: Incoming, outgoing: Outgoing) => void,
): Promise<HttpServer> {
  const http1 = createHttp1(handle);
  const http2 = createHttp2(handle);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away in the middle is no concern of the others.
    socket.on('error', () => socket.destroy());
    whenStarted(socket, (start) => (start.startsWith(http2Start) ? http2 : http1).emit('connection', socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Calls back with a connection's first bytes, and leaves them to be read again. */
function whenStarted(socket: Socket, found: (start: string) => void): void {
  socket.once('readable', () => {
    const start = socket.read() as Buffer | null;
    if (start === null) return;
    socket.unshift(start);
    if (start.length < http2Start.length) whenStarted(socket, found);
    else found(start.subarray(0, http2Start.length).toString('latin1'));
  });
}
