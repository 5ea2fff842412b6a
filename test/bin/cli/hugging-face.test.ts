import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hubOf } from '../../../bin/cli/hugging-face';
import { anyOf, type Hub, startHub, strike, text } from '../../../local/hugging-face';
import { HubError } from '../../../weights/hub';
import { noise } from '../../weights/transfer/ground';
import { COMMIT, fakeHub } from '../../weights/hub/fake-hub';
import { type SmallHub, smallHub } from '../../weights/hub/small-hub';
import { INDEX, SHARDS, tinyModel } from '../../weights/tiny-model';
import { type Ran, ran, remove } from './ground';

const TOKEN = 'hf_reader';
const MODEL = tinyModel('mxfp4');
const OTHERS = { 'original/model.safetensors': noise('original', 9000), 'metal/model.bin': noise('metal', 9000) };

let folder: string;
let into: string;
let local: Hub;
let said: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-hub-'));
  for (const [name, content] of Object.entries({ ...MODEL, ...OTHERS })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});

beforeEach(async () => {
  said = '';
  into = join(mkdtempSync(join(tmpdir(), 'cli-into-')), 'model');
  local = await startHub({
    repositories: {
      'acme/tiny': folder,
      'acme/gated': { revisions: { main: folder }, gated: 'manual', readers: [TOKEN] },
      'acme/broken': { folder, made: { [INDEX]: text('{}') } },
      'acme/notes': { made: { 'notes.txt': text('nothing') } },
    },
    datasets: ['acme/dataset'],
    tokens: ['hf_stranger'],
  });
});

afterEach(async () => {
  const leaks = local.leaks();
  await local.close();
  remove(dirname(into));
  if (leaks.length > 0) throw new Error('the storage was shown a token');
  if (/hf_(reader|stranger|unknown)/.test(said)) throw new Error(`the token was printed: ${said}`);
});

afterAll(() => {
  remove(folder);
});

async function run(argv: readonly string[], { token = '', signal }: Asking = {}): Promise<Ran> {
  const env = { HF_ENDPOINT: local.url, HF_TOKEN: token };
  const hub = () => Promise.resolve(hubOf(env));
  const result = await ran(argv, { env, outside: { hub }, ...(signal && { signal }) });
  said += result.stdout + result.stderr;
  return result;
}

interface Asking {
  readonly token?: string;
  readonly signal?: AbortSignal;
}

const download = (asking: Asking = {}, ...flags: string[]) =>
  run(['download', 'hf://acme/tiny', into, ...flags], asking);
const commitOf = async (repository = 'acme/tiny') => (await local.at(repository)).commit;
const asked = (kind: string) => local.requests.filter((request) => request.kind === kind);
const wrong = () =>
  Object.entries(MODEL).flatMap(([name, content]) => {
    const path = join(into, name);
    return existsSync(path) && readFileSync(path).equals(Buffer.from(content)) ? [] : [name];
  });

describe('check', () => {
  test('says of a repository what it says of the same folder, and which commit that is', async () => {
    const here = await run(['check', folder]);
    const { code, stdout, stderr } = await run(['check', 'hf://acme/tiny']);
    const lines = stdout.split('\n');
    const [said] = lines.splice(-4, 1);
    expect({ code, stdout: lines.join('\n'), stderr }).toEqual(here);
    expect(said).toBe(`main of acme/tiny is commit ${await commitOf()}`);
  });

  test('downloads nothing: of weights it reads ranges', async () => {
    await run(['check', 'hf://acme/tiny']);
    expect(asked('cdn').length).toBeGreaterThan(0);
    expect(asked('cdn').map(({ range }) => range)).not.toContain(undefined);
  });

  test('takes a commit, and then has none to say', async () => {
    const { code, stdout } = await run(['check', `hf://acme/tiny@${await commitOf()}`]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('is commit');
  });

  test('takes a commit in capitals', async () => {
    const { code, stdout } = await run(['check', `hf://acme/tiny@${(await commitOf()).toUpperCase()}`]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('is commit');
  });

  test('answers no for a model that Bedrock would refuse', async () => {
    const { code, stdout } = await run(['check', 'hf://acme/broken']);
    expect(code).toBe(1);
    expect(stdout).toContain('Bedrock does not take it');
  });

  test('names the commit in JSON, beside what scripts rely on', async () => {
    const { stdout } = await run(['check', 'hf://acme/tiny', '--json']);
    const value: unknown = JSON.parse(stdout);
    expect(Object.keys(value ?? {})).toEqual(['findings', 'summary', 'commit']);
    expect(value).toMatchObject({ commit: await commitOf(), summary: { format: 'mxfp4' } });
  });

  test('waits as long as the Hub asks, and says so', async () => {
    local.mischief = strike({ kind: 'rate-limited', seconds: 4 }, { kind: 'info', nth: 1 });
    const { code, stderr } = await run(['check', 'hf://acme/tiny']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^could not find main of http:\S+\/acme\/tiny: .* asks to wait 4 s; .*; waiting 0:04\n$/);
  }, 15_000);

  test('fails when the Hub asks for longer than anybody waits', async () => {
    local.mischief = strike({ kind: 'rate-limited', seconds: 400 }, { kind: 'info' });
    const { code, stderr } = await run(['check', 'hf://acme/tiny']);
    expect(code).toBe(1);
    expect(stderr).toContain('asks to wait 400 s; with a token (HF_TOKEN) the Hub allows more\n');
  });

  test('reads a gated repository with a token', async () => {
    expect(await run(['check', 'hf://acme/gated'], { token: TOKEN })).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['hf://acme/gated', '', 'accept the conditions at'],
    ['hf://acme/gated', 'hf_stranger', 'with the account that the token is of'],
    ['hf://acme/tiny', 'hf_unknown', 'the token is not valid'],
    ['hf://acme/nothing', '', 'there is no such repository, or it is private'],
    ['hf://acme/dataset', '', "a model's and no dataset's"],
    ['hf://acme/tiny@v9', '', 'the repository has no such revision'],
  ])('fails with %s and the token "%s": %s', async (address, token, words) => {
    const { code, stdout, stderr } = await run(['check', address], { token });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: could not /);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

test('a Hub whose name is not resolved in time is asked again', async () => {
  const hub = fakeHub({});
  hub.trouble = () => {
    if (hub.calls.length > 1) return;
    throw new HubError('cut', 'could not find main', { cause: Object.assign(new Error(), { code: 'EAI_AGAIN' }) });
  };
  const { stdout } = await ran(['check', 'hf://acme/tiny'], { outside: { hub: () => Promise.resolve(hub) } });
  expect(hub.calls).toEqual(['resolve', 'resolve', 'files']);
  expect(stdout).toContain(`main of acme/tiny is commit ${COMMIT}`);
});

describe('a Hub that HF_ENDPOINT misnames', () => {
  let server: SmallHub;

  beforeEach(async () => {
    server = await smallHub();
  });

  afterEach(() => server.stop());

  const check = () => ran(['check', 'hf://acme/tiny'], { outside: { hub: () => Promise.resolve(hub()) } });
  const hub = () => hubOf({ HF_ENDPOINT: server.origin });

  test.each([
    [404, 'the repository has no such revision'],
    [200, 'the answer is not JSON'],
  ])('is named when it answers %d with a page', async (status, words) => {
    server.answer = (_path, _request, response) => response.writeHead(status).end('<html>');
    const { code, stderr } = await check();
    expect(code).toBe(1);
    expect(stderr).toContain(`error: could not find main of ${server.origin}/acme/tiny: ${words}`);
  });

  test('is asked once, and complained of once, when nobody listens', async () => {
    await server.stop();
    const { code, stdout, stderr } = await check();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: could not find main of .*ECONNREFUSED.*; see that the Hub's address .* a proxy\n$/);
  });
});

describe('download', () => {
  test('gets the model, compared, and leaves other copies of it where they are', async () => {
    const { code, stdout } = await download();
    const lines = stdout.split('\n');
    expect(code).toBe(0);
    expect(wrong()).toEqual([]);
    expect(lines[0]).toMatch(/^got \d+ files into .*: \d+\.\d kB in all, verified, in 0:0\d$/);
    expect(lines[1]).toBe('left out, as no part of the model: metal/model.bin, original/model.safetensors (18.0 kB)');
    expect(lines[2]).toBe(`for the lock file: upload ${into} … --source acme/tiny@${await commitOf()}`);
    expect(existsSync(join(into, 'metal'))).toBe(false);
  });

  test('is a folder that check takes', async () => {
    await download();
    expect((await run(['check', into])).code).toBe(0);
  });

  test('gets nothing twice', async () => {
    await download();
    const before = asked('resolve').length;
    const { stdout } = await download();
    expect(stdout).toContain(`(already there: ${Object.keys(MODEL).length} files)`);
    expect(asked('resolve')).toHaveLength(before);
  });

  test('tells every event as JSON, and the result last', async () => {
    const lines = (await download({}, '--json')).stdout.trimEnd().split('\n');
    const events = lines.map((line): unknown => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'plan', files: Object.keys(MODEL).length });
    expect(events.at(-1)).toEqual({
      type: 'result',
      folder: into,
      repository: 'acme/tiny',
      commit: await commitOf(),
      moved: Object.keys(MODEL).sort(),
      skipped: [],
      unproven: [],
      leftOut: Object.keys(OTHERS).sort(),
    });
  });

  test('says nothing when that is asked for', async () => {
    expect(await download({}, '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(wrong()).toEqual([]);
  });

  test('goes on where the connection was cut', async () => {
    const [shard] = SHARDS;
    local.mischief = strike({ kind: 'cut', after: 1000 }, { kind: 'cdn', path: shard, nth: 1 });
    expect((await download()).code).toBe(0);
    expect(wrong()).toEqual([]);
    const ranges = asked('cdn').filter(({ path }) => path === shard);
    expect(ranges.map(({ range }) => range)).toEqual([undefined, 'bytes=1000-']);
  });

  test('goes on where an earlier run was stopped, and says how to', async () => {
    const [shard] = SHARDS;
    const stop = new AbortController();
    local.mischief = anyOf(
      strike({ kind: 'cut', after: 1000 }, { kind: 'cdn', path: shard, nth: 1 }),
      ({ kind, path, nth }) => {
        if (kind !== 'resolve' || path !== shard || nth !== 2) return undefined;
        stop.abort();
        return { kind: 'hang' };
      },
    );
    const stopped = await download({ signal: stop.signal });
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(`goes on from there:\n  bedrock-gpt-oss download hf://acme/tiny ${into}\n`);
    expect(existsSync(join(into, shard))).toBe(false);
    local.mischief = undefined;
    expect((await download()).code).toBe(0);
    expect(wrong()).toEqual([]);
    expect(asked('cdn').at(-1)).toMatchObject({ path: shard, range: 'bytes=1000-' });
  });

  test('keeps what lies in the folder, unless told to replace it', async () => {
    await download();
    writeFileSync(join(into, 'config.json'), '{}');
    const { code, stderr } = await download();
    expect(code).toBe(1);
    expect(stderr).toContain('config.json lies in the folder already');
    expect((await download({}, '--replace')).stdout).toContain('got 1 file into');
    expect(wrong()).toEqual([]);
  });

  test('says what else lies in the folder before it begins, and leaves it alone', async () => {
    mkdirSync(join(into, 'photos'), { recursive: true });
    for (const name of ['.DS_Store', 'notes.txt', 'old.safetensors', 'config.json.part', 'zebra']) {
      writeFileSync(join(into, name), '');
    }
    const { code, stderr } = await download();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `'${into}' holds other things, too, which stay as they are: notes.txt, old.safetensors, photos and 1 more\n`,
    });
    expect(existsSync(join(into, 'old.safetensors'))).toBe(true);
    expect((await download({}, '--quiet')).stderr).toBe('');
  });

  test('says nothing of what an earlier run has brought, and lists the repository once', async () => {
    await download();
    const before = asked('tree').length;
    expect((await download()).stderr).toBe('');
    expect(asked('tree').length - before).toBe(1);
  });

  test('says of what lies in the folder and is left out of the repository that it stays', async () => {
    mkdirSync(join(into, 'metal'), { recursive: true });
    const { stderr } = await download();
    expect(stderr).toBe(`'${into}' holds other things, too, which stay as they are: metal\n`);
  });

  test('fails with a file that is not what the Hub lists, and gives it no name', async () => {
    const [shard] = SHARDS;
    local.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn', path: shard });
    const { code, stdout, stderr } = await download();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${shard} of acme/tiny did not come as the Hub lists it, 3 times in a row`);
    expect(existsSync(join(into, shard))).toBe(false);
  });

  test('gets a gated repository with a token, and fails without one', async () => {
    const gated = (token: string) => run(['download', 'hf://acme/gated', into], { token });
    const { code, stderr } = await gated('');
    expect(code).toBe(1);
    expect(stderr).toContain(`accept the conditions at ${local.url}/acme/gated, then give a token`);
    expect((await gated(TOKEN)).code).toBe(0);
    expect(wrong()).toEqual([]);
  });

  test.each([
    ['hf://acme/tiny@v9', 'the repository has no such revision'],
    ['hf://acme/nothing', 'there is no such repository, or it is private'],
    ['hf://acme/dataset', "a model's and no dataset's"],
    ['hf://acme/notes', 'acme/notes has no file of a model at commit '],
  ])('fails with %s, and makes no folder', async (address, words) => {
    const { code, stderr } = await run(['download', address, into]);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(existsSync(into)).toBe(false);
  });
});

describe('the environment', () => {
  test('names the Hub, with a slash behind it or without, in letters of any size', () => {
    expect(hubOf({ HF_ENDPOINT: 'HTTPS://Hub.acme.example' }).endpoint).toBe('https://hub.acme.example');
    expect(hubOf({}).endpoint).toBe('https://huggingface.co');
    expect(hubOf({ HF_ENDPOINT: '', HF_TOKEN: '' }).endpoint).toBe('https://huggingface.co');
    expect(hubOf({ HF_ENDPOINT: 'https://hub.acme.example/' }).endpoint).toBe('https://hub.acme.example');
  });

  test.each([
    [{ HF_ENDPOINT: 'hub.acme.example' }, 'HF_ENDPOINT, hub.acme.example, cannot be used: it must begin with https://'],
    [
      { HF_ENDPOINT: 'https://hub.acme.example/hf' },
      "at the root of its host; if it answers there, write 'https://hub.",
    ],
    [
      { HF_ENDPOINT: 'https://hub.acme.example ' },
      'cannot be used: it has a space or a line break in it; take that out',
    ],
    [{ HF_ENDPOINT: 'https://:80' }, 'cannot be used: it is no address'],
    [
      { HF_ENDPOINT: 'https://me:hf_reader@hub.example' },
      '"https://***@hub.example", cannot be used: it has a password',
    ],
    [{ HF_ENDPOINT: 'me:hf_reader@hub.example' }, '"***@hub.example", cannot be used: it must begin with https://'],
    [{ HF_ENDPOINT: 'https:me:hf_reader@hub.example' }, '"https:***@hub.example", cannot be used: it must begin'],
    [{ HF_ENDPOINT: 'https://me:hf_reader/@hub.example' }, '"https://***@hub.example", cannot be used: it is no'],
    [{ HF_TOKEN: 'hf_unknown\u00e9' }, 'HF_TOKEN cannot be used: it has characters that no token has'],
  ])('fails with %j as wrong use', async (env, words) => {
    const hub = () => Promise.resolve().then(() => hubOf(env));
    const { code, stderr } = await ran(['check', 'hf://acme/tiny'], { env, outside: { hub } });
    said += stderr;
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
