import { manyFiles, text } from '../../../local/hugging-face';
import { ask, hubOf, tinyHub } from './testbed';

interface Entry {
  readonly type: string;
  readonly path: string;
}

/** Follows the pages as the Hub's clients do. */
async function pages(first: string): Promise<Entry[][]> {
  const all: Entry[][] = [];
  for (let url: string | undefined = first; url;) {
    const response: Response = await ask(url);
    all.push((await response.json()) as Entry[]);
    url = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return all;
}

test('a revision tells its commit, its files and who may read them', async () => {
  const hub = await tinyHub();
  const { commit } = await hub.at('acme/tiny');
  for (const path of ['', '/revision/main', `/revision/${commit}`]) {
    expect(await (await ask(`${hub.url}/api/models/acme/tiny${path}`)).json()).toMatchObject({
      id: 'acme/tiny',
      sha: commit,
      gated: false,
      private: false,
      siblings: [{ rfilename: 'config.json' }, { rfilename: 'model.safetensors' }],
    });
  }
});

test('with blobs, each file has its size and hashes', async () => {
  const hub = await tinyHub();
  const { files } = await hub.at('acme/tiny');
  const body: unknown = await (await ask(`${hub.url}/api/models/acme/tiny/revision/main?blobs=true`)).json();
  expect(body).toMatchObject({
    siblings: [
      { rfilename: 'config.json', size: 8, blobId: files.get('config.json')?.oid },
      { rfilename: 'model.safetensors', size: 3000, lfs: { sha256: files.get('model.safetensors')?.lfs?.sha256 } },
    ],
  });
});

test('the tree lists files and folders with git names, a large file with its SHA-256 as well', async () => {
  const made = { 'metal/model.bin': text('metal'), 'config.json': text('{}') };
  const hub = await hubOf({ repositories: { 'acme/tree': { made } } });
  const { files, folders } = await hub.at('acme/tree');
  const large = files.get('metal/model.bin');
  expect(await (await ask(`${hub.url}/api/models/acme/tree/tree/main?recursive=true`)).json()).toEqual([
    { type: 'file', oid: files.get('config.json')?.oid, size: 2, path: 'config.json' },
    { type: 'directory', oid: folders[0]?.oid, size: 0, path: 'metal' },
    {
      type: 'file',
      oid: large?.oid,
      size: 5,
      lfs: { oid: large?.lfs?.sha256, size: 5, pointerSize: large?.lfs?.pointerSize },
      xetHash: large?.lfs?.xetHash,
      path: 'metal/model.bin',
    },
  ]);
});

test('without recursive, only what is at the top; with a path, only what is below it', async () => {
  const made = { 'a/b/c.json': text('c'), 'a/d.json': text('d'), 'e.json': text('e') };
  const hub = await hubOf({ repositories: { 'acme/deep': { made } } });
  const tree = `${hub.url}/api/models/acme/deep/tree/main`;
  const paths = async (url: string) => (await pages(url)).flat().map(({ path }) => path);
  expect(await paths(tree)).toEqual(['a', 'e.json']);
  expect(await paths(`${tree}/a`)).toEqual(['a/b', 'a/d.json']);
  expect(await paths(`${tree}/a%2Fb?recursive=true`)).toEqual(['a/b/c.json']);
});

test('pages follow each other by whole addresses until there is no Link, and no entry is lost or told twice', async () => {
  const hub = await hubOf({ repositories: { 'acme/many': { made: manyFiles(7) } }, pageSize: 3 });
  const all = await pages(`${hub.url}/api/models/acme/many/tree/main?recursive=true`);
  expect(all.map((page) => page.length)).toEqual([3, 3, 2]);
  expect(all.flat().map(({ path }) => path)).toEqual(['many', ...Object.keys(manyFiles(7))]);
});

test('a smaller page can be asked for, a larger one not', async () => {
  const hub = await hubOf({ repositories: { 'acme/many': { made: manyFiles(7) } }, pageSize: 5 });
  const tree = `${hub.url}/api/models/acme/many/tree/main?recursive=true`;
  expect((await pages(`${tree}&limit=2`)).map((page) => page.length)).toEqual([2, 2, 2, 2]);
  expect((await pages(`${tree}&limit=100`)).map((page) => page.length)).toEqual([5, 3]);
});

test('ten thousand files come in eleven pages', async () => {
  const hub = await hubOf({ repositories: { 'acme/many': { made: manyFiles(10_000) } } });
  const all = await pages(`${hub.url}/api/models/acme/many/tree/main?recursive=true`);
  expect(all.map((page) => page.length)).toEqual([...Array.from({ length: 10 }, () => 1000), 1]);
});

test('a revision may have slashes, encoded or not', async () => {
  const revisions = { main: { made: { a: text('1') } }, 'refs/pr/1': { made: { b: text('2') } } };
  const hub = await hubOf({ repositories: { 'acme/refs': { revisions } } });
  for (const revision of ['refs%2Fpr%2F1', 'refs/pr/1']) {
    expect(await pages(`${hub.url}/api/models/acme/refs/tree/${revision}`)).toEqual([
      [expect.objectContaining({ path: 'b' })],
    ]);
  }
});

test('fails on a cursor that is none, a folder that is none, an address that is badly encoded', async () => {
  const hub = await tinyHub();
  const tree = `${hub.url}/api/models/acme/tiny/tree/main`;
  expect((await ask(`${tree}?cursor=nonsense`)).status).toBe(400);
  expect((await ask(`${hub.url}/api/models/acme/tiny/tree/%zz`)).status).toBe(400);
  const none = await ask(`${tree}/no/such`);
  expect([none.status, none.headers.get('x-error-code')]).toEqual([404, 'EntryNotFound']);
});
