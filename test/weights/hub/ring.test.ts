import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hub } from '../../../weights/hub/hugging-face';
import { ring } from '../../../weights/hub/ring';

const MB = 1024 * 1024;

test('what was read stays until many reads later, and memory does not grow', () => {
  const { room, taken } = ring();
  const read = (value: number, length: number) => {
    room().fill(value, 0, length);
    return taken(length);
  };
  const first = read(1, 1000);
  for (let number = 0; number < 1000; number++) expect(read(2, 1000).buffer).toBe(first.buffer);
  expect(first.every((byte) => byte === 1)).toBe(true);
});

test('every read has all its room, wherever the one before has ended', () => {
  const { room, taken } = ring();
  const whole = room().length;
  for (let number = 0; number < 1000; number++) {
    taken(7001);
    expect(room()).toHaveLength(whole);
  }
});

/** Every byte tells where it belongs, so that one of another round shows. */
const CONTENT = Buffer.from(Uint32Array.from({ length: (8 * MB) / 4 }, (_, at) => at).buffer);

/** How many bytes come as they were sent, before a piece that has become another. */
async function unchanged(server: Server, read: (port: number) => AsyncIterable<Uint8Array>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
    let at = 0;
    for await (const piece of read(address.port)) {
      if (at < 2 * MB) await sleep(5);
      if (Buffer.compare(piece, CONTENT.subarray(at, at + piece.length)) !== 0) break;
      at += piece.length;
    }
    return at;
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

test('a piece of a connection stays as it came while its reader takes its time and more comes', async () => {
  // a reader that has seen enough leaves before the end
  const server = createTcpServer((socket) => socket.on('error', () => undefined).end(CONTENT));
  const read = (port: number) => {
    const { room, taken } = ring();
    const onread = { buffer: room, callback: (length: number): boolean => socket.push(taken(length)) };
    const socket: Socket = connect({ port, host: '127.0.0.1', onread });
    return socket;
  };
  expect(await unchanged(server, read)).toBe(CONTENT.length);
});

/** Node 20 copies what is a body's, so that this can fail on later ones only. */
test('a piece of an answer of the Hub stays as it came while its reader takes its time and more comes', async () => {
  const server = createServer((_request, response) => response.end(CONTENT));
  const read = async function* (port: number) {
    const part = { from: 0, size: CONTENT.length };
    const loopback = hub({ endpoint: `http://127.0.0.1:${port}` });
    const { signal } = new AbortController();
    yield* (await loopback.open('acme/model', 'c'.repeat(40), 'weights', part, signal)).bytes;
  };
  expect(await unchanged(server, read)).toBe(CONTENT.length);
});
