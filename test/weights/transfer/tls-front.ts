import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

/** A key that both sides have takes the place of a certificate, which a test would have to make. */
const KEY = { psk: Buffer.alloc(32, 7), identity: 'test' };
const CIPHERS = { ciphers: 'PSK-AES256-GCM-SHA384', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

export interface TlsFront {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** Of clients: nobody else gets through. */
  readonly agent: Agent;
  stop(): Promise<void>;
}

/** TLS in front of a server of plain HTTP: what that one does to a connection happens to the encrypted one. */
export async function tlsFront(plainUrl: string): Promise<TlsFront> {
  const { port, hostname } = new URL(plainUrl);
  const open = new Set<TLSSocket>();
  const server = createServer({ ...CIPHERS, pskCallback: () => KEY.psk }, (encrypted) => {
    const plain = connect(Number(port), hostname);
    open.add(encrypted);
    for (const [one, other] of [
      [encrypted, plain],
      [plain, encrypted],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    encrypted.on('close', () => open.delete(encrypted));
  }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => undefined); // a client that goes in the middle of its greeting
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  const agent = new Agent({
    ...CIPHERS,
    pskCallback: () => KEY,
    checkServerIdentity: () => undefined,
    keepAlive: true,
  });
  return {
    url: `https://127.0.0.1:${address.port}`,
    agent,
    async stop() {
      agent.destroy();
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
