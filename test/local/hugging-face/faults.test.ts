import { setTimeout as sleep } from 'node:timers/promises';
import { anyOf, type Fault, type Hub, strike } from '../../../local/hugging-face';
import { ask, bytesOf, link, tinyHub, WEIGHTS } from './testbed';

let hub: Hub;

beforeEach(async () => {
  hub = await tinyHub();
});

/** What comes of a body before its connection ends. */
async function arrived(response: Response): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk as Uint8Array);
    return { bytes: Buffer.concat(chunks), whole: true };
  } catch {
    return { bytes: Buffer.concat(chunks), whole: false };
  }
}

const fromCdn = (fault: Fault) => {
  hub.mischief = strike(fault, { kind: 'cdn' });
};

test('a connection is cut after so many bytes, only that of the request that was meant', async () => {
  const url = await link(hub);
  hub.mischief = strike({ kind: 'cut', after: 1000 }, { kind: 'cdn', path: 'model.safetensors', nth: 2 });
  expect((await arrived(await ask(url))).whole).toBe(true);
  const cut = await ask(url, { range: 'bytes=500-' });
  expect(cut.headers.get('content-length')).toBe('2500');
  expect(await arrived(cut)).toEqual({ bytes: WEIGHTS.subarray(500, 1500), whole: false });
  expect((await arrived(await ask(url))).whole).toBe(true);
  expect(hub.requests.at(-2)?.sent).toBe(1000);
});

test('a connection may be cut before the first byte of the body', async () => {
  const url = await link(hub);
  fromCdn({ kind: 'cut', after: 0 });
  expect(await arrived(await ask(url))).toEqual({ bytes: Buffer.alloc(0), whole: false });
});

test('a listing can be cut too', async () => {
  hub.mischief = strike({ kind: 'cut', after: 20 }, { kind: 'tree' });
  const { bytes, whole } = await arrived(await ask(`${hub.url}/api/models/acme/tiny/tree/main`));
  expect([bytes.length, whole]).toEqual([20, false]);
});

test('one byte is another, in the middle or where it is told to', async () => {
  const url = await link(hub);
  const places = (bytes: Buffer) => [...bytes.keys()].filter((at) => bytes[at] !== WEIGHTS[at]);
  fromCdn({ kind: 'wrong-byte' });
  expect(places(await bytesOf(await ask(url)))).toEqual([1500]);
  fromCdn({ kind: 'wrong-byte', at: 7 });
  expect(places(await bytesOf(await ask(url)))).toEqual([7]);
});

test.each([
  [undefined, '55', '"api";r=0;t=55'],
  ['Retry-After', '55', null],
  ['RateLimit', null, '"api";r=0;t=55'],
] as const)('429 tells how long to wait: %s', async (tells, retryAfter, rateLimit) => {
  hub.mischief = strike({ kind: 'rate-limited', seconds: 55, ...(tells && { tells }) }, { kind: 'info' });
  const { status, headers } = await ask(`${hub.url}/api/models/acme/tiny`);
  expect([status, headers.get('retry-after'), headers.get('ratelimit')]).toEqual([429, retryAfter, rateLimit]);
});

test('files have a limit of their own, and the CDN none that it tells', async () => {
  const url = await link(hub);
  hub.mischief = strike({ kind: 'rate-limited', seconds: 3 });
  const { headers } = await ask(`${hub.url}/acme/tiny/resolve/main/config.json`);
  expect(headers.get('ratelimit')).toBe('"resolvers";r=0;t=3');
  const cdn = await ask(url);
  expect([cdn.status, cdn.headers.get('retry-after'), cdn.headers.get('ratelimit')]).toEqual([429, '3', null]);
});

test('a quota is counted down in every answer, and is there again in the next window', async () => {
  const limited = await tinyHub({ quotas: { api: 2, resolvers: 100, windowSeconds: 1 } });
  const get = () => ask(`${limited.url}/api/models/acme/tiny`);
  const [one, two, three] = [await get(), await get(), await get()];
  expect(one.headers.get('ratelimit')).toBe('"api";r=1;t=1');
  expect(one.headers.get('ratelimit-policy')).toBe('"fixed window";"api";q=2;w=1');
  expect([one.status, two.status, three.status]).toEqual([200, 200, 429]);
  await sleep(1001);
  expect((await get()).status).toBe(200);
});

test.each([500, 502, 503, 504] as const)('%d says nothing of the Hub', async (status) => {
  hub.mischief = strike({ kind: 'error', status });
  const answer = await ask(`${hub.url}/api/models/acme/tiny`);
  expect([answer.status, answer.headers.get('x-error-code')]).toEqual([status, null]);
});

test('a stale redirect leads to 403 at the CDN; the next one is good', async () => {
  hub.mischief = strike({ kind: 'stale-redirect' }, { kind: 'resolve', nth: 1 });
  expect((await ask(await link(hub))).status).toBe(403);
  expect((await ask(await link(hub))).status).toBe(200);
});

test('an address may expire at the CDN from one request to the next', async () => {
  const url = await link(hub);
  hub.mischief = strike({ kind: 'stale-redirect' }, { kind: 'cdn', nth: 2 });
  expect([(await ask(url)).status, (await ask(url)).status]).toEqual([200, 403]);
});

test('a redirect loop never ends, and never comes to the same address', async () => {
  hub.mischief = strike({ kind: 'redirect-loop' }, { kind: 'resolve' });
  const seen = new Set<string>();
  for (let url = await link(hub); seen.size < 30; url = (await ask(hub.url + url)).headers.get('location') ?? '') {
    expect(seen.has(url)).toBe(false);
    seen.add(url);
  }
  await expect(fetch(`${hub.url}/acme/tiny/resolve/main/model.safetensors`)).rejects.toThrow('fetch failed');
});

test('a redirect leads wherever it is told to', async () => {
  hub.mischief = strike({ kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data/' }, { kind: 'resolve' });
  expect(await link(hub)).toBe('http://169.254.169.254/latest/meta-data/');
});

test('a slow body comes bit by bit, and is whole in the end', async () => {
  const url = await link(hub);
  fromCdn({ kind: 'slow', bytesPerSecond: 10_000 });
  const start = Date.now();
  expect((await bytesOf(await ask(url))).equals(WEIGHTS)).toBe(true);
  expect(Date.now() - start).toBeGreaterThan(250);
});

test('a request may hang for ever', async () => {
  hub.mischief = strike({ kind: 'hang' });
  await expect(fetch(`${hub.url}/api/models/acme/tiny`, { signal: AbortSignal.timeout(100) })).rejects.toThrow(
    'timeout',
  );
});

test('Content-Length promises more than comes', async () => {
  const url = await link(hub);
  fromCdn({ kind: 'content-length', off: 10 });
  const answer = await ask(url);
  expect(answer.headers.get('content-length')).toBe('3010');
  expect(await arrived(answer)).toEqual({ bytes: WEIGHTS, whole: false });
});

test('Content-Length promises less than comes', async () => {
  const url = await link(hub);
  fromCdn({ kind: 'content-length', off: -10 });
  const answer = await ask(url);
  expect(answer.headers.get('content-length')).toBe('2990');
  expect((await arrived(answer)).bytes.length).toBeLessThanOrEqual(2990);
  expect(hub.requests.at(-1)?.sent).toBe(3000);
});

test.each([2000, 4000])('a file has %d bytes where the listing says 3000', async (size) => {
  hub.mischief = anyOf(
    strike({ kind: 'resized', size }, { kind: 'resolve' }),
    strike({ kind: 'resized', size }, { kind: 'cdn' }),
  );
  const listing: unknown = await (await ask(`${hub.url}/api/models/acme/tiny/tree/main`)).json();
  expect(listing).toContainEqual(expect.objectContaining({ path: 'model.safetensors', size: 3000 }));
  const resolved = await ask(`${hub.url}/acme/tiny/resolve/main/model.safetensors`);
  expect(resolved.headers.get('x-linked-size')).toBe(size.toString());
  const bytes = await bytesOf(await ask(resolved.headers.get('location') ?? ''));
  expect(bytes.equals(Buffer.concat([WEIGHTS, Buffer.alloc(1000)]).subarray(0, size))).toBe(true);
});

test('a range is ignored', async () => {
  const url = await link(hub);
  fromCdn({ kind: 'whole' });
  const answer = await ask(url, { range: 'bytes=10-19' });
  expect([answer.status, (await bytesOf(answer)).length]).toEqual([200, 3000]);
});

test('any function may decide, by all that is known of a request', async () => {
  const url = await link(hub);
  hub.mischief = ({ range, count }) => (range === 'bytes=5-' && count > 1 ? { kind: 'error', status: 503 } : undefined);
  expect((await ask(url, { range: 'bytes=5-' })).status).toBe(503);
  expect((await ask(url, { range: 'bytes=6-' })).status).toBe(206);
  hub.mischief = undefined;
  expect((await ask(url, { range: 'bytes=5-' })).status).toBe(206);
});
