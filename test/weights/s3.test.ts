import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { MAX_FILES } from '../../weights/model-folder';
import { s3Folder } from '../../weights/s3';

/** S3's own answers over a socket: bodies are streams there, which a mocked client has not. */
const PAGES: Readonly<Record<string, string>> = {
  '': listing(['v1/', 'v1/config.json', 'v1/original/'], 'next page'),
  'next page': listing(['v1/original/config.json']),
};
const CONTENT = '{"architectures": ["GptOssForCausalLM"], "name": "模型"}';

const asked: (string | null)[] = [];
const server = createServer((request, response) => {
  const url = addressOf(request);
  asked.push(url.searchParams.get('prefix'));
  if (url.searchParams.get('prefix') === 'endless/') {
    response.end(listing(Array(1000).fill('endless/file'), 'next page'));
  } else if (url.searchParams.get('list-type') === '2') {
    response.end(PAGES[url.searchParams.get('continuation-token') ?? '']);
  } else if (url.pathname === '/weights/v1/config.json') {
    answer(request.headers.range, response);
  } else {
    response.writeHead(404).end('<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>');
  }
});

function answer(range: string | undefined, response: ServerResponse): void {
  if (range === undefined) return void response.end(CONTENT);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  const part = Buffer.from(CONTENT).subarray(Number(first), Number(last) + 1);
  if (part.length > 0) response.writeHead(206).end(part);
  else response.writeHead(416).end('<Error><Code>InvalidRange</Code><Message>not satisfiable</Message></Error>');
}

let client: S3Client;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  client = new S3Client({
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await new Promise((closed) => server.close(closed));
});

beforeEach(() => {
  asked.length = 0;
});

function addressOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '', 'http://127.0.0.1');
}

function listing(keys: readonly string[], next = ''): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>7</Size><ETag>"e-${key}"</ETag></Contents>`);
  const more =
    next === '' ? '' : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`;
  return `<ListBucketResult>${contents.join('')}${more}</ListBucketResult>`;
}

test('the folder lists every page, names files from the prefix on, and leaves out the marks of folders', async () => {
  const folder = s3Folder(client, 'weights', 'v1/');
  expect(await folder.list()).toEqual([
    { name: 'config.json', size: 7, etag: '"e-v1/config.json"' },
    { name: 'original/config.json', size: 7, etag: '"e-v1/original/config.json"' },
  ]);
  expect(folder.address).toBe('s3://weights/v1/');
  expect(asked).toEqual(['v1/', 'v1/']);
});

test('a folder without end is listed until it has more files than a model can have', async () => {
  const files = await s3Folder(client, 'weights', 'endless/').list();
  expect(files.length).toBeGreaterThan(MAX_FILES);
  expect(asked.length).toBe(MAX_FILES / 1000 + 1);
});

test('the folder of a whole bucket has no prefix to cut off', async () => {
  const [first] = await s3Folder(client, 'weights', '').list();
  expect(first).toMatchObject({ name: 'v1/config.json' });
});

test('a text is read whole, in UTF-8', async () => {
  expect(await s3Folder(client, 'weights', 'v1/').readText('config.json', 1000)).toBe(CONTENT);
});

test('fails to read a file that is larger than the bound', async () => {
  const folder = s3Folder(client, 'weights', 'v1/');
  await expect(folder.readText('config.json', 10)).rejects.toThrow('config.json is larger than 10 bytes');
  expect(await folder.readText('config.json', Buffer.byteLength(CONTENT))).toBe(CONTENT);
});

test("fails to read a file that is gone, with S3's name for it", async () => {
  await expect(s3Folder(client, 'weights', 'v1/').readText('gone.json', 10)).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
});

test('bytes are read from a place on, fewer only where the file ends, and none behind it', async () => {
  const folder = s3Folder(client, 'weights', 'v1/');
  const read = async (offset: number, length: number) =>
    Buffer.from(await folder.readBytes('config.json', offset, length)).toString();
  expect(await read(2, 13)).toBe('architectures');
  expect(await read(CONTENT.indexOf('"}') + 4, 100)).toBe('"}');
  expect(await read(1000, 10)).toBe('');
  expect(await read(0, 0)).toBe('');
});

test('fails to read bytes of a file that is not there', async () => {
  await expect(s3Folder(client, 'weights', 'v1/').readBytes('lost', 0, 8)).rejects.toThrow('no such key');
});
