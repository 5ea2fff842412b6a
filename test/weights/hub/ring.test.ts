import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
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

async function* throughHub(serve: RequestListener) {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  try {
    const { signal } = new AbortController();
    const loopback = hub({ endpoint: `http://127.0.0.1:${address.port}` });
    yield* (await loopback.open('acme/model', 'c'.repeat(40), 'weights', { from: 0, size: CONTENT.length }, signal))
      .bytes;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const inOne: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);
};

/** A read for each of them, and nearly none as large as its room. */
const inCrumbs: RequestListener = (_request, response) => {
  response.writeHead(200); // without a length: in chunks, each with bytes of its own around it
  const send = async () => {
    for (let at = 0; at < CONTENT.length; at += 7001) {
      if (!response.write(CONTENT.subarray(at, at + 7001))) await once(response, 'drain');
    }
    response.end();
  };
  void send();
};

test.each([
  ['fast', inOne],
  ['in crumbs', inCrumbs],
])('a piece stays as it came while its reader takes its time and the server sends on, %s', async (_how, serve) => {
  let at = 0;
  for await (const piece of throughHub(serve)) {
    if (at < 2 * MB) await sleep(5);
    expect(Buffer.compare(piece, CONTENT.subarray(at, at + piece.length))).toBe(0);
    at += piece.length;
  }
  expect(at).toBe(CONTENT.length);
});
