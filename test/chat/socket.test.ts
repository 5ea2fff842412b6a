import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import OpenAI from 'openai';
import { bedrockFetch } from '../../chat';
import { BASE, chunk, METRICS } from './answers';
import { chunkFrame } from './event-stream';

/** Bedrock's runtime speaks HTTP/2; this is the client that `bedrockFetch` makes by itself, over a socket. */
let server: Http2Server;
let streams: ServerHttp2Stream[];
let answer: (stream: ServerHttp2Stream) => void;

beforeEach(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  streams = [];
  server = createServer();
  server.on('stream', (stream) => {
    streams.push(stream);
    stream.on('error', () => undefined);
    answer(stream);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  for (const stream of streams) stream.session?.destroy();
  await new Promise((closed) => server.close(closed));
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
});

function client() {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const fetch = bedrockFetch({ model: BASE, region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` });
  return new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch });
}

const request = { model: 'gpt-oss', messages: [{ role: 'user' as const, content: 'Hello' }], stream: true as const };

test('a stream comes through as it is sent', async () => {
  let goOn = (): void => undefined;
  answer = (stream) => {
    stream.respond({
      ':status': 200,
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-requestid': 'req-h2',
    });
    stream.write(chunkFrame(chunk({ content: 'Hel' })));
    goOn = () => {
      stream.end(Buffer.concat([chunkFrame(chunk({ content: 'lo' }, 'stop')), chunkFrame(METRICS)]));
    };
  };
  const seen: unknown[] = [];

  for await (const { choices } of await client().chat.completions.create(request)) {
    seen.push(choices[0]?.delta.content);
    goOn();
  }

  expect(seen).toEqual(['Hel', 'lo']);
});

test('an abort closes the stream at the server', async () => {
  const closed = new Promise<number | undefined>((resolve) => {
    answer = (stream) => {
      stream.on('close', () => {
        resolve(stream.rstCode);
      });
      stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
      stream.write(chunkFrame(chunk({ content: 'Hel' })));
    };
  });

  const stream = await client().chat.completions.create(request);
  await stream[Symbol.asyncIterator]().next();
  stream.controller.abort();

  expect(await closed).toBe(8); // CANCEL
});

test('fails inside the stream when the connection is cut', async () => {
  answer = (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' });
    stream.write(chunkFrame(chunk({ content: 'Hel' })));
    setTimeout(() => stream.session?.destroy(), 50);
  };

  const reading = client().chat.completions.stream(request).done();

  await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
});

test('fails to connect where nobody listens', async () => {
  const openai = client();
  await new Promise((closed) => server.close(closed));
  server = createServer().listen(0, '127.0.0.1');

  await expect(openai.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
});
