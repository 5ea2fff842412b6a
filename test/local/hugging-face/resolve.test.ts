import { setTimeout as sleep } from 'node:timers/promises';
import { text } from '../../../local/hugging-face';
import { ask, bytesOf, hubOf, link, tinyHub, WEIGHTS } from './testbed';

test('a small file is redirected to another path of the Hub, relative to it, and comes from there', async () => {
  const hub = await tinyHub();
  const { commit, files } = await hub.at('acme/tiny');
  const etag = `"${files.get('config.json')?.oid}"`;
  const first = await ask(`${hub.url}/acme/tiny/resolve/main/config.json`);
  expect(first.status).toBe(307);
  expect(first.headers.get('x-repo-commit')).toBe(commit);
  expect(first.headers.get('x-linked-etag')).toBe(etag);
  const location = first.headers.get('location') ?? '';
  expect(location).toMatch(`/api/resolve-cache/models/acme/tiny/${commit}/config.json?`);
  const second = await ask(hub.url + location);
  expect([second.status, second.headers.get('etag'), second.headers.get('x-repo-commit')]).toEqual([200, etag, commit]);
  expect(second.headers.get('accept-ranges')).toBe('bytes');
  expect(await second.text()).toBe('{"a":1}\n');
});

test('told to, the Hub answers for small files itself, ranges too', async () => {
  const hub = await tinyHub({ smallFiles: 'direct' });
  const url = `${hub.url}/acme/tiny/resolve/main/config.json`;
  const whole = await ask(url);
  expect([whole.status, whole.headers.get('content-length'), await whole.text()]).toEqual([200, '8', '{"a":1}\n']);
  const part = await ask(url, { range: 'bytes=1-3' });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 1-3/8', '"a"']);
});

test.each(['GET', 'HEAD'])(
  '%s of a large file leads to another origin, and tells its size and hash',
  async (method) => {
    const hub = await tinyHub();
    const { commit, files } = await hub.at('acme/tiny');
    const lfs = files.get('model.safetensors')?.lfs;
    const { status, headers } = await ask(`${hub.url}/acme/tiny/resolve/main/model.safetensors`, { method });
    expect(status).toBe(302);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-repo-commit': commit,
      'x-linked-size': '3000',
      'x-linked-etag': `"${lfs?.sha256}"`,
      'x-xet-hash': lfs?.xetHash,
      'accept-ranges': 'bytes',
    });
    expect(headers.get('content-length')).not.toBe('3000');
    expect(new URL(headers.get('location') ?? '').origin).toBe(hub.cdnUrl);
    expect(hub.cdnUrl).not.toBe(hub.url);
  },
);

test('the CDN has all of it, or a range; its ETag is not the SHA-256', async () => {
  const hub = await tinyHub();
  const url = await link(hub);
  const whole = await ask(url);
  expect([whole.status, whole.headers.get('content-length')]).toEqual([200, '3000']);
  expect(whole.headers.get('etag')).toBe(
    `"${(await hub.at('acme/tiny')).files.get('model.safetensors')?.lfs?.xetHash}"`,
  );
  expect((await bytesOf(whole)).equals(WEIGHTS)).toBe(true);
  const head = await ask(url, { method: 'HEAD' });
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['3000', '']);
});

test.each([
  ['bytes=0-0', 0, 1],
  ['bytes=2990-', 2990, 3000],
  ['bytes=-5', 2995, 3000],
  ['bytes=2990-9999', 2990, 3000],
])('the range %s is answered as such', async (range, from, to) => {
  const hub = await tinyHub();
  const answer = await ask(await link(hub), { range });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/3000`]);
  expect((await bytesOf(answer)).equals(WEIGHTS.subarray(from, to))).toBe(true);
});

test('a revision is a branch, a tag, or a commit; slashes in it are encoded', async () => {
  const revisions = { main: { made: { a: text('1') } }, 'v1.0': { made: { a: text('2') } } };
  const hub = await hubOf({
    repositories: { 'acme/refs': { revisions: { ...revisions, 'refs/pr/1': { made: { a: text('3') } } } } },
    smallFiles: 'direct',
  });
  const { commit } = await hub.at('acme/refs', 'v1.0');
  const get = async (revision: string) => (await ask(`${hub.url}/acme/refs/resolve/${revision}/a`)).text();
  expect(await Promise.all(['main', 'v1.0', 'refs%2Fpr%2F1', commit].map(get))).toEqual(['1', '2', '3', '2']);
});

test('names with blanks and signs are found by their encoded form', async () => {
  const name = 'sub dir/wëights #1+?.safetensors';
  const hub = await hubOf({ repositories: { 'acme/tiny': { made: { [name]: text('odd') } } } });
  const encoded = name.split('/').map(encodeURIComponent).join('/');
  expect(await (await ask(await link(hub, encoded))).text()).toBe('odd');
});

test('a renamed repository is redirected relative to the Hub, its API and its files', async () => {
  const hub = await tinyHub({ renamed: { 'old/name': 'acme/tiny' } });
  for (const path of ['/api/models/old/name/revision/main', '/old/name/resolve/main/config.json']) {
    const { status, headers } = await ask(hub.url + path);
    expect([status, headers.get('location')]).toEqual([307, path.replace('old/name', 'acme/tiny')]);
  }
});

test('fails beyond the end of a file with 416 and its size', async () => {
  const hub = await tinyHub();
  const answer = await ask(await link(hub), { range: 'bytes=3000-' });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */3000']);
});

test('fails for a file or a revision that is not there, each with its code', async () => {
  const hub = await tinyHub();
  const none = await ask(`${hub.url}/acme/tiny/resolve/main/none.json`);
  expect([none.status, none.headers.get('x-error-code')]).toEqual([404, 'EntryNotFound']);
  expect(none.headers.get('x-error-message')).toBe('Entry not found');
  expect(none.headers.get('x-repo-commit')).toBe((await hub.at('acme/tiny')).commit);
  const bad = await ask(`${hub.url}/api/models/acme/tiny/revision/nope`);
  expect([bad.status, bad.headers.get('x-error-code')]).toEqual([404, 'RevisionNotFound']);
  expect(await bad.json()).toEqual({ error: 'Invalid rev id: nope' });
});

test('fails at the CDN with a token, which is written down as leaked', async () => {
  const hub = await tinyHub();
  const url = await link(hub);
  expect((await ask(url)).status).toBe(200);
  expect(hub.leaks()).toEqual([]);
  expect((await ask(url, { token: 'hf_secret' })).status).toBe(400);
  expect(hub.leaks()).toMatchObject([{ server: 'cdn', path: 'model.safetensors', authorized: true }]);
  expect(JSON.stringify(hub.requests)).not.toContain('hf_secret');
});

test('fails at the CDN with an address that has expired, or that nobody signed', async () => {
  const hub = await tinyHub({ linkSeconds: 1 });
  const url = await link(hub);
  expect((await ask(url)).status).toBe(200);
  expect((await ask(url.replace(/Signature=..../, 'Signature=0000'))).status).toBe(403);
  expect((await ask(url.replace(/Expires=\d+/, 'Expires=99999999999'))).status).toBe(403);
  await sleep(2001);
  expect((await ask(url)).status).toBe(403);
  const fresh = await link(hub);
  hub.expireLinks();
  expect((await ask(fresh)).status).toBe(403);
});

test('every request is written down: method, path, host, range, and whether it had a token', async () => {
  const hub = await tinyHub({ tokens: ['hf_any'] });
  await ask(`${hub.url}/acme/tiny/resolve/main/model.safetensors`, { token: 'hf_any', method: 'HEAD' });
  await bytesOf(await ask(await link(hub), { range: 'bytes=0-9' }));
  const path = 'model.safetensors';
  expect(hub.requests).toMatchObject([
    { server: 'hub', kind: 'resolve', method: 'HEAD', path, authorized: true, status: 302, nth: 1, count: 1 },
    { server: 'hub', kind: 'resolve', method: 'HEAD', path, authorized: false, status: 302, nth: 2, count: 2 },
    { server: 'cdn', kind: 'cdn', method: 'GET', path, range: 'bytes=0-9', status: 206, sent: 10, nth: 1, count: 3 },
  ]);
  expect(hub.requests.map(({ host }) => `http://${host}`)).toEqual([hub.url, hub.url, hub.cdnUrl]);
});
