import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import {
  anyOf,
  type Fault,
  type Hub as LocalHub,
  manyFiles,
  startHub,
  strike,
  text,
} from '../../../local/hugging-face';
import { check } from '../../../weights/check/check';
import { gathered } from '../../../weights/hub/bytes';
import { downloadHub } from '../../../weights/hub/download';
import type { Hub } from '../../../weights/hub/hub';
import { HubError } from '../../../weights/hub/hub-error';
import { hubFolder } from '../../../weights/hub/hub-folder';
import { hub, type HubOptions } from '../../../weights/hub/hugging-face';
import { localFolder } from '../../../weights/local-folder';
import { MAX_FILES } from '../../../weights/model-folder';
import { planRepair } from '../../../weights/repair/plan';
import { repaired } from '../../../weights/repair/repaired';
import { localTarget } from '../../../weights/transfer/local-folder';
import { noise } from '../transfer/ground';
import { INDEX, SHARDS, tinyModel } from '../tiny-model';

const TOKEN = 'hf_reader';
const MODEL = tinyModel('mxfp4');
const INDEXED = JSON.parse(String(MODEL[INDEX])) as { readonly weight_map: unknown };
const OTHERS = { 'original/model.safetensors': noise('original', 9000), 'metal/model.bin': noise('metal', 9000) };
const HASTE = { firstMs: 1, longestMs: 4 };
const { signal } = new AbortController();

let folder: string;
let into: string;
let local: LocalHub;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-model-'));
  for (const [name, content] of Object.entries({ ...MODEL, ...OTHERS })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});
beforeEach(async () => {
  into = mkdtempSync(join(tmpdir(), 'hub-into-'));
  local = await startHub({
    repositories: {
      'acme/tiny': { revisions: { main: folder, 'refs/pr/1': { folder, made: { NOTICE: text('a change') } } } },
      'acme/bare': { folder, made: { [INDEX]: text(JSON.stringify({ weight_map: INDEXED.weight_map })) } },
      'acme/gated': { revisions: { main: folder }, gated: 'manual', readers: [TOKEN] },
      'acme/private': { revisions: { main: folder }, private: true, readers: [TOKEN] },
      'acme/huge': { made: manyFiles(MAX_FILES + 500) },
    },
    renamed: { 'acme/old': 'acme/tiny' },
    datasets: ['acme/dataset'],
    tokens: ['hf_stranger'],
    pageSize: 4,
  });
});
afterEach(async () => {
  const leaks = local.leaks();
  await local.close();
  if (leaks.length > 0) throw new Error('the storage was shown a token');
  rmSync(into, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ours = (options: HubOptions = {}) => hub({ endpoint: local.url, idleMs: 500, ...options });
const commitOf = async (repository = 'acme/tiny') => (await local.at(repository)).commit;

async function download(from: Hub = ours(), repository = 'acme/tiny') {
  const { commit } = await from.resolve(repository, 'main', signal);
  return downloadHub({ hub: from, repository, commit, target: localTarget(into), backoff: HASTE });
}

const wrong = () =>
  Object.entries(MODEL).flatMap(([name, content]) => {
    const path = join(into, name);
    return existsSync(path) && readFileSync(path).equals(Buffer.from(content)) ? [] : [name];
  });

async function failure(call: Promise<unknown>): Promise<HubError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/hf_reader|hf_stranger|hf_unknown/);
  if (error instanceof HubError) return error;
  throw new Error(`no HubError but ${inspect(error)}`);
}

test('a branch, a pull request, a commit and a former name are found', async () => {
  const from = ours();
  const resolve: Hub['resolve'] = (...args) => from.resolve(...args);
  const commit = await commitOf();
  expect(await resolve('acme/tiny', 'main', signal)).toEqual({ commit });
  expect(await resolve('acme/tiny', commit, signal)).toEqual({ commit });
  expect(await resolve('acme/old', 'main', signal)).toEqual({ commit });
  const change = await resolve('acme/tiny', 'refs/pr/1', signal);
  expect(change).toEqual({ commit: (await local.at('acme/tiny', 'refs/pr/1')).commit });
  expect(change.commit).not.toBe(commit);
});

test('the listing has every page, and hashes that are those of the content', async () => {
  const files = await ours().files('acme/tiny', await commitOf(), signal);
  expect(files.map(({ name }) => name).sort()).toEqual(Object.keys({ ...MODEL, ...OTHERS }).sort());
  const shard = files.find(({ name }) => name === SHARDS[0]);
  expect(shard?.sha256).toBe(
    createHash('sha256')
      .update(MODEL[SHARDS[0]] ?? '')
      .digest('hex'),
  );
  expect(local.requests.filter(({ kind }) => kind === 'tree').length).toBeGreaterThan(2);
});

test('check finds on the Hub what it finds in the folder', async () => {
  const onHub = hubFolder(ours(), 'acme/tiny', await commitOf(), { backoff: HASTE });
  expect(await check(onHub)).toEqual(await check(localFolder(folder)));
});

test('a repair is planned, and its outcome checked, with nothing downloaded but headers', async () => {
  const onHub = hubFolder(ours(), 'acme/bare', await commitOf('acme/bare'), { backoff: HASTE });
  expect(await check(onHub)).toContainEqual(expect.objectContaining({ file: INDEX, severity: 'error' }));
  const repairs = await planRepair(onHub);
  expect(repairs.map(({ file }) => file)).toEqual([INDEX]);
  expect(await check(repaired(onHub, repairs))).not.toContainEqual(expect.objectContaining({ severity: 'error' }));
  const ranges = local.requests.filter(({ kind }) => kind === 'cdn').map(({ range }) => range);
  expect(ranges).not.toContain(undefined);
});

test('a download is the folder, in one request for each file beside the redirects', async () => {
  const { moved, leftOut } = await download();
  expect(wrong()).toEqual([]);
  expect(moved).toEqual(Object.keys(MODEL).sort());
  expect(leftOut.map(({ name }) => name)).toEqual(Object.keys(OTHERS).sort());
  expect(local.requests.filter(({ kind }) => kind === 'cdn')).toHaveLength(SHARDS.length);
  expect(local.requests.filter(({ kind }) => kind === 'resolve')).toHaveLength(Object.keys(MODEL).length);
});

test('faults on the way are ridden out', async () => {
  const [one, two] = SHARDS;
  local.mischief = anyOf(
    strike({ kind: 'error', status: 503 }, { kind: 'info', nth: 1 }),
    strike({ kind: 'cut', after: 100 }, { kind: 'tree', nth: 1 }),
    strike({ kind: 'rate-limited', seconds: 0 }, { kind: 'tree', nth: 2 }),
    strike({ kind: 'cut', after: 1000 }, { kind: 'cdn', path: one, nth: 1 }),
    strike({ kind: 'stale-redirect' }, { kind: 'resolve', path: one, nth: 2 }),
    strike({ kind: 'whole' }, { kind: 'cdn', path: one, nth: 3 }),
    strike({ kind: 'wrong-byte' }, { kind: 'cdn', path: two, nth: 1 }),
    strike({ kind: 'hang' }, { kind: 'cdn', path: two, nth: 2 }),
    strike(
      { kind: 'rate-limited', seconds: 1, tells: 'RateLimit' },
      { kind: 'resolve', path: 'tokenizer.json', nth: 1 },
    ),
    strike({ kind: 'wrong-byte' }, { kind: 'cached', path: 'config.json', nth: 1 }),
  );
  const from = ours();
  expect((await failure(from.resolve('acme/tiny', 'main', signal))).kind).toBe('busy');
  await download(from);
  expect(wrong()).toEqual([]);
});

const FAULTS: readonly Fault[] = [
  { kind: 'cut', after: 0 },
  { kind: 'cut', after: 700 },
  { kind: 'wrong-byte' },
  { kind: 'rate-limited', seconds: 0 },
  { kind: 'error', status: 502 },
  { kind: 'stale-redirect' },
  { kind: 'whole' },
];

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'under random faults (%d) a download is the folder, or fails with no wrong file in it',
  async (seed) => {
    local.mischief = ({ kind, path, nth, count }) => {
      const [first = 0, second = 0] = createHash('sha256').update([seed, kind, path, nth, count].join()).digest();
      return kind === 'info' || first > 80 ? undefined : FAULTS[second % FAULTS.length];
    };
    const error: unknown = await download().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error === undefined || error instanceof HubError).toBe(true);
    const missing = Object.keys(MODEL).filter((name) => !existsSync(join(into, name)));
    expect(wrong()).toEqual(missing);
    local.mischief = undefined;
    await download();
    expect(wrong()).toEqual([]);
  },
);

test('a range is read from the storage, and no more than that travels', async () => {
  const { bytes, size } = await ours().open('acme/tiny', await commitOf(), SHARDS[0], { from: 8, to: 40 }, signal);
  expect(await gathered(bytes)).toEqual(Buffer.from(MODEL[SHARDS[0]] ?? '').subarray(8, 40));
  expect(size).toBe(MODEL[SHARDS[0]]?.length);
  expect(local.requests.at(-1)).toMatchObject({ server: 'cdn', range: 'bytes=8-39' });
});

test('a gated and a private repository are read with a token, which the storage never sees', async () => {
  for (const repository of ['acme/gated', 'acme/private']) {
    await download(ours({ token: TOKEN }), repository);
    expect(wrong()).toEqual([]);
  }
  expect(local.requests.filter(({ kind }) => kind === 'cdn').length).toBeGreaterThan(0);
});

test('fails with a gated repository, with what to do about it', async () => {
  const commit = await commitOf('acme/gated');
  const read = (options: HubOptions) => ours(options).open('acme/gated', commit, 'config.json', { from: 0 }, signal);
  const anonymous = await failure(read({}));
  expect(anonymous.kind).toBe('gated');
  expect(anonymous.message).toContain(`accept the conditions at ${local.url}/acme/gated, then give a token`);
  const stranger = await failure(read({ token: 'hf_stranger' }));
  expect(stranger.kind).toBe('gated');
  expect(stranger.message).toContain('with the account that the token is of');
});

test.each([
  ['acme/private', {}, 'missing-repository', 'if it is private, give a token'],
  ['acme/private', { token: 'hf_stranger' }, 'missing-repository', 'that the token may read it'],
  ['acme/nothing', {}, 'missing-repository', 'there is no such repository, or it is private'],
  ['acme/dataset', {}, 'missing-repository', "a model's and no dataset's"],
  ['acme/tiny', { token: 'hf_unknown' }, 'denied', 'the token is not valid'],
] as const)('fails with %s and %j', async (repository, options, kind, words) => {
  const error = await failure(ours(options).resolve(repository, 'main', signal));
  expect(error.kind).toBe(kind);
  expect(error.message).toContain(words);
});

test('fails with a revision and a file that are not there', async () => {
  expect((await failure(ours().resolve('acme/tiny', 'v9', signal))).kind).toBe('missing-revision');
  expect((await failure(ours().files('acme/tiny', 'f'.repeat(40), signal))).kind).toBe('missing-revision');
  const open = ours().open('acme/tiny', await commitOf(), 'gone.json', { from: 0 }, signal);
  expect((await failure(open)).kind).toBe('missing-file');
});

test('fails with more files than a model has', async () => {
  await local.close();
  local = await startHub({ repositories: { 'acme/huge': { made: manyFiles(MAX_FILES + 1500) } } });
  expect((await failure(download(ours({ idleMs: 30_000 }), 'acme/huge'))).message).toContain(
    'has more than 10000 files',
  );
  expect(local.requests.filter(({ kind }) => kind === 'tree').length).toBeLessThan(13);
});

test('fails with a loop of redirects', async () => {
  local.mischief = strike({ kind: 'redirect-loop' }, { kind: 'resolve' });
  const open = ours().open('acme/tiny', await commitOf(), 'config.json', { from: 0 }, signal);
  expect((await failure(open)).message).toContain('redirects more than 5 times');
});

test('fails with a redirect from a Hub on the internet to the address of a machine within it', async () => {
  const { port } = new URL(local.url);
  local.mischief = strike({ kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' }, { kind: 'resolve' });
  const isPrivate = (address: string) => address.startsWith('169.254.');
  const open = hub({ endpoint: `http://127.0.0.1:${port}`, isPrivate }).open(
    'acme/tiny',
    await commitOf(),
    'config.json',
    { from: 0 },
    signal,
  );
  expect((await failure(open)).message).toContain('leads inside a network (169.254.169.254)');
});

test('fails when a file has another size than it was listed with, and leaves no file of its name', async () => {
  const [shard] = SHARDS;
  const changed = { kind: 'resized', size: 5 } as const;
  local.mischief = anyOf(
    strike(changed, { kind: 'resolve', path: shard }),
    strike(changed, { kind: 'cdn', path: shard }),
  );
  expect(await failure(download())).toMatchObject({
    kind: 'changed',
    message: expect.stringContaining('it has 5 bytes, where') as unknown,
  });
  expect(existsSync(join(into, shard))).toBe(false);
});

test('fails when a byte is wrong each time, and leaves no file of its name', async () => {
  const [shard] = SHARDS;
  local.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn', path: shard });
  expect((await failure(download())).kind).toBe('damaged');
  expect(existsSync(join(into, shard))).toBe(false);
});

test.each([3, -3])('fails when a length lies by %d, and leaves no file of its name', async (off) => {
  const [shard] = SHARDS;
  local.mischief = strike({ kind: 'content-length', off }, { kind: 'cdn', path: shard });
  expect((await failure(download())).kind).toBe('changed');
  expect(existsSync(join(into, shard))).toBe(false);
});

test('a length that lies within a file that is gone on with is a cut', async () => {
  const [shard] = SHARDS;
  local.mischief = anyOf(
    strike({ kind: 'cut', after: 1000 }, { kind: 'cdn', path: shard, nth: 1 }),
    strike({ kind: 'content-length', off: -3 }, { kind: 'cdn', path: shard, nth: 2 }),
  );
  await download();
  expect(wrong()).toEqual([]);
  expect(local.requests.filter(({ kind, path }) => kind === 'cdn' && path === shard)).toHaveLength(3);
});
