import { inspect } from 'node:util';
import type { ServerResponse } from 'node:http';
import { gathered } from '../../../weights/hub/bytes';
import { HubError } from '../../../weights/hub/hub-error';
import { hub, type HubOptions } from '../../../weights/hub/hugging-face';
import type { HubRange } from '../../../weights/hub/hub';
import { MAX_FILES } from '../../../weights/model-folder';
import { smallHub, type SmallHub } from './small-hub';

const TOKEN = 'hf_verySecretToken';
const COMMIT = 'c'.repeat(40);
const BLOB = 'b'.repeat(40);
const SHA256 = 'a'.repeat(64);
const CONTENT = Buffer.from('0123456789');
const { signal } = new AbortController();

let home: SmallHub;
let storage: SmallHub;

beforeEach(async () => {
  home = await smallHub();
  storage = await smallHub('127.0.0.2');
});
afterEach(() => Promise.all([home.stop(), storage.stop()]));

const ours = (options: HubOptions = {}) => hub({ endpoint: home.origin, token: TOKEN, idleMs: 400, ...options });
const json = (response: ServerResponse, value: unknown, headers = {}) =>
  response.writeHead(200, headers).end(JSON.stringify(value));
const file = (path: string, size = 3) => ({ type: 'file', path, size, oid: BLOB });

async function read(range: HubRange = { from: 0 }, options: HubOptions = {}): Promise<string> {
  const { bytes } = await ours(options).open('acme/model', COMMIT, 'a b/c#d.json', range, signal);
  return (await gathered(bytes)).toString();
}

/** What a call failed with; no part of it may hold the token or a signed address. */
async function failure(call: Promise<unknown>): Promise<HubError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(inspect(error, { depth: 20, showHidden: true, getters: true })).not.toMatch(/verySecret|signature=/);
  if (error instanceof HubError) return error;
  throw new Error(`no HubError but ${inspect(error)}`);
}

function serveRange(response: ServerResponse, range: string | undefined, content = CONTENT): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined) return void response.writeHead(200, { 'content-length': content.length }).end(content);
  const part = content.subarray(Number(first), last ? Number(last) + 1 : undefined);
  const header = `bytes ${first}-${Number(first) + part.length - 1}/${content.length}`;
  response.writeHead(206, { 'content-range': header, 'content-length': part.length }).end(part);
}

describe('resolve', () => {
  test('a revision with slashes is one part of the path, and the token goes with it', async () => {
    home.answer = (_path, _request, response) => json(response, { sha: COMMIT, siblings: [] });
    expect(await ours().resolve('acme/model', 'refs/pr/1', signal)).toEqual({ commit: COMMIT });
    expect(home.asked).toMatchObject([
      { path: '/api/models/acme/model/revision/refs%2Fpr%2F1', headers: { authorization: `Bearer ${TOKEN}` } },
    ]);
  });

  test('without a token none is sent', async () => {
    home.answer = (_path, _request, response) => json(response, { sha: COMMIT });
    await ours({ token: ' \n' }).resolve('acme/model', 'main', signal);
    expect(home.asked[0]?.headers).not.toHaveProperty('authorization');
  });

  test('a renamed repository is followed to', async () => {
    home.answer = (path, _request, response) =>
      path.includes('/old/')
        ? response.writeHead(307, { location: '/api/models/acme/new/revision/main' }).end()
        : json(response, { sha: COMMIT });
    expect(await ours().resolve('acme/old', 'main', signal)).toEqual({ commit: COMMIT });
    expect(home.asked[1]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  test.each([
    ['{ "sha": "main" }', 'the answer names no commit'],
    ['[]', 'the answer names no commit'],
    ['<html>', 'the answer is not JSON'],
  ])('fails with the answer %s, and names who gave it', async (text, message) => {
    home.answer = (_path, _request, response) => response.end(text);
    expect(await failure(ours().resolve('acme/model', 'main', signal))).toMatchObject({
      kind: 'refused',
      message: `could not find main of ${home.origin}/acme/model: ${message}`,
    });
  });

  test('fails when a commit is said to be another', async () => {
    home.answer = (_path, _request, response) => json(response, { sha: COMMIT });
    const error = await failure(ours().resolve('acme/model', 'd'.repeat(40), signal));
    expect(error).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('the Hub says that it is c') as unknown,
    });
  });

  test.each(['..', '../../other', ''])('fails with %j as a revision, and asks nobody', async (revision) => {
    expect((await failure(ours().resolve('acme/model', revision, signal))).message).toContain('is no revision');
    expect(home.asked).toEqual([]);
  });

  test('fails with an id that is none, and asks nobody', async () => {
    const error = await failure(ours().resolve('datasets/acme/model', 'main', signal));
    expect(error.message).toContain("datasets/acme/model is no model repository: it is in 'datasets/'");
    expect(home.asked).toEqual([]);
  });

  test("fails with the Hub's own words, without the token that it repeats", async () => {
    home.answer = (_path, _request, response) =>
      response.writeHead(401, { 'x-error-message': `Invalid token ${TOKEN}` }).end(`{"error":"${TOKEN}"}`);
    expect(await failure(ours().resolve('acme/model', 'main', signal))).toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('the Hub says "Invalid token ***"') as unknown,
    });
  });

  test('fails with an answer without end', async () => {
    home.answer = (_path, _request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    };
    expect((await failure(ours().resolve('acme/model', 'main', signal))).message).toContain('more than 16777216 bytes');
  });
});

describe('files', () => {
  test('every page is read, folders are left out, and LFS files have their SHA-256', async () => {
    const lfs = { ...file('model.safetensors', 130), lfs: { oid: SHA256, size: 5_000_000_000, pointerSize: 130 } };
    home.answer = (path, _request, response) =>
      path.includes('cursor=2')
        ? json(response, [{ type: 'directory', path: 'original', size: 0, oid: BLOB }, lfs])
        : json(response, [file('config.json')], { link: `<${home.origin}${path}&cursor=2>; rel="next"` });
    expect(await ours().files('acme/model', COMMIT, signal)).toEqual([
      { name: 'config.json', size: 3, blob: BLOB },
      { name: 'model.safetensors', size: 5_000_000_000, blob: BLOB, sha256: SHA256 },
    ]);
    expect(home.asked[0]?.path).toBe(`/api/models/acme/model/tree/${COMMIT}?recursive=true`);
  });

  test('a repository without end is listed until it has more files than a model can have', async () => {
    home.answer = (path, _request, response) => {
      const page = Number(/page=(\d+)/.exec(path)?.[1] ?? 0);
      const files = Array.from({ length: 1000 }, (_, n) => file(`${page}-${n}`));
      json(response, files, { link: `<?page=${page + 1}>; rel="next"` });
    };
    expect((await ours().files('acme/model', COMMIT, signal)).length).toBeGreaterThan(MAX_FILES);
    expect(home.asked).toHaveLength(MAX_FILES / 1000 + 1);
  });

  test.each([
    ['../../.bashrc', "it has '.' or '..' for a part"],
    ['a\\b', 'it has a control character or a backslash'],
    ['/etc/passwd', "it begins or ends with '/'"],
  ])('fails with a file named %s', async (path, message) => {
    home.answer = (_path, _request, response) => json(response, [file(path)]);
    expect((await failure(ours().files('acme/model', COMMIT, signal))).message).toContain(message);
  });

  test.each([
    [[file('a'), file('a')], 'the listing has a twice'],
    [[file('a', -1)], 'the size of a is not a number of bytes'],
    [[{ ...file('a'), size: '3' }], 'the size of a is not a number of bytes'],
    [[{ ...file('a'), oid: 'none' }], 'the listing has no hash of a'],
    [[{ ...file('a'), lfs: { size: 3, oid: BLOB } }], 'the listing has no SHA-256 of a'],
    [[7], 'an entry that is not an object'],
    [{ error: 'x' }, 'the listing is not a JSON array'],
  ])('fails with the listing %j', async (listing, message) => {
    home.answer = (_path, _request, response) => json(response, listing);
    expect(await failure(ours().files('acme/model', COMMIT, signal))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(message) as unknown,
    });
  });

  test('fails when pages go on with nothing on them', async () => {
    home.answer = (path, _request, response) => json(response, [], { link: `<${path}&more>; rel="next"` });
    expect((await failure(ours().files('acme/model', COMMIT, signal))).message).toContain(
      'a page of the listing is empty',
    );
    expect(home.asked).toHaveLength(1);
  });

  test('fails when the next page is at another origin, and does not go there', async () => {
    home.answer = (_path, _request, response) =>
      json(response, [file('a')], { link: `<${storage.origin}/api>; rel="next"` });
    expect((await failure(ours().files('acme/model', COMMIT, signal))).message).toContain(
      `the next page is said to be at another origin, ${storage.origin}`,
    );
    expect(storage.asked).toEqual([]);
  });
});

describe('open', () => {
  test('a file is read whole, from a byte on, or between two', async () => {
    home.answer = (_path, request, response) => {
      serveRange(response, request.headers.range);
    };
    expect(await read()).toBe('0123456789');
    expect(await read({ from: 4 })).toBe('456789');
    expect(await read({ from: 4, to: 6 })).toBe('45');
    expect(home.asked.map(({ path }) => path)).toEqual(Array(3).fill(`/acme/model/resolve/${COMMIT}/a%20b/c%23d.json`));
    expect(home.asked.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=4-', 'bytes=4-5']);
    expect(home.asked[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('an empty file has no bytes', async () => {
    home.answer = (_path, _request, response) => response.writeHead(200, { 'content-length': 0 }).end();
    expect(await read({ from: 0, size: 0 })).toBe('');
  });

  test('the storage gets the range and no token, and no more does the Hub after it', async () => {
    home.answer = (path, request, response) => {
      if (path === '/back') serveRange(response, request.headers.range);
      else response.writeHead(302, { location: `${storage.origin}/object?signature=x` }).end();
    };
    storage.answer = (_path, _request, response) => response.writeHead(302, { location: `${home.origin}/back` }).end();
    expect(await read({ from: 4 })).toBe('456789');
    expect(storage.asked).toMatchObject([{ path: '/object?signature=x', headers: { range: 'bytes=4-' } }]);
    const [first, last] = home.asked;
    expect(first?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(storage.asked[0]?.headers).not.toHaveProperty('authorization');
    expect(last?.headers).not.toHaveProperty('authorization');
  });

  test('fails in a circle of redirects', async () => {
    home.answer = (path, _request, response) => response.writeHead(302, { location: path }).end();
    expect(await failure(read())).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('in a circle') as unknown,
    });
    expect(home.asked).toHaveLength(1);
  });

  test('fails after five redirects', async () => {
    let hop = 0;
    home.answer = (_path, _request, response) => response.writeHead(302, { location: `/hop${++hop}` }).end();
    expect((await failure(read())).message).toContain('redirects more than 5 times');
    expect(home.asked).toHaveLength(6);
  });

  test.each([
    ['ftp://127.0.0.1/file', 'from http:// to ftp://'],
    ['file:///etc/passwd', 'from http:// to file://'],
    ['http://user:signature=1@127.0.0.1/', 'a password in it'],
    ['http://[', 'to no address'],
    ['', 'to no address'],
  ])('fails with a redirect to %s', async (location, message) => {
    home.answer = (_path, _request, response) => response.writeHead(302, { location }).end();
    expect((await failure(read())).message).toContain(message);
  });

  describe('of a Hub on the internet', () => {
    const elsewhere = {
      lookup: (host: string) => Promise.resolve([{ address: ADDRESSES[host] ?? '127.0.0.1', family: 4 }]),
    };
    const ADDRESSES: Readonly<Record<string, string>> = { 'inside.example': '127.0.0.2' };
    const isPrivate = (address: string) => address !== '127.0.0.1';
    beforeEach(() => {
      storage.answer = (_path, request, response) => {
        serveRange(response, request.headers.range);
      };
    });

    test.each(['127.0.0.2', 'inside.example', '[::ffff:127.0.0.2]', '2130706434'])(
      'fails with a redirect to %s, which is inside a network, and does not go there',
      async (host) => {
        const { port } = new URL(storage.origin);
        home.answer = (_path, _request, response) =>
          response.writeHead(302, { location: `http://${host}:${port}/latest/meta-data?signature=1` }).end();
        const error = await failure(read({ from: 0 }, { ...elsewhere, isPrivate }));
        expect(error.kind).toBe('refused');
        expect(error.message).toMatch(/the Hub redirects to http:.*, which leads inside a network/);
        expect(storage.asked).toEqual([]);
      },
    );

    test('a Hub that is inside a network itself may lead there', async () => {
      const { port } = new URL(storage.origin);
      home.answer = (_path, _request, response) =>
        response.writeHead(302, { location: `http://inside.example:${port}/object` }).end();
      expect(await read({ from: 0 }, { ...elsewhere, isPrivate: () => true })).toBe('0123456789');
    });
  });

  test.each([403, 404, 410])('a storage that answers %d may be asked again by way of the Hub', async (status) => {
    home.answer = (_path, _request, response) =>
      response.writeHead(302, { location: `${storage.origin}/?signature=1` }).end();
    storage.answer = (_path, _request, response) => response.writeHead(status).end('expired');
    expect((await failure(read())).kind).toBe('busy');
  });

  test('fails with another size than the listed one before a byte is read', async () => {
    home.answer = (_path, request, response) => {
      serveRange(response, request.headers.range);
    };
    expect(await failure(read({ from: 0, size: 11 }))).toMatchObject({
      kind: 'changed',
      message: expect.stringContaining('it has 10 bytes, where 11 were listed') as unknown,
    });
    expect((await failure(read({ from: 2, to: 4, size: 9 }))).kind).toBe('changed');
  });

  test('fails with a range behind the end of the file', async () => {
    home.answer = (_path, _request, response) => response.writeHead(416, { 'content-range': 'bytes */10' }).end();
    expect((await failure(read({ from: 20 }))).kind).toBe('changed');
  });

  test('of a server that knows no ranges, what comes too much is left out', async () => {
    home.answer = (_path, _request, response) => {
      serveRange(response, undefined);
    };
    expect(await read({ from: 4 })).toBe('456789');
    expect(await read({ from: 4, to: 6 })).toBe('45');
  });

  test('fails with other bytes than those asked for', async () => {
    home.answer = (_path, _request, response) => {
      serveRange(response, 'bytes=3-');
    };
    expect((await failure(read({ from: 4 }))).message).toContain('bytes 4 to 10 were asked for, and others are sent');
  });

  test('fails with fewer bytes than the range that is announced', async () => {
    home.answer = (_path, _request, response) =>
      response.writeHead(206, { 'content-range': 'bytes 4-9/10', 'content-length': 3 }).end('456');
    expect(await failure(read({ from: 4 }))).toMatchObject({
      kind: 'cut',
      message: expect.stringContaining('3 of 6 bytes came') as unknown,
    });
  });

  test('fails with compressed bytes, and with bytes of a number or a place that nobody knows', async () => {
    home.answer = (_path, _request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 3 }).end('xxx');
    expect((await failure(read())).message).toContain('it is sent encoded, in gzip');
    home.answer = (_path, _request, response) => {
      response.writeHead(200);
      response.write('x');
      response.end();
    };
    expect((await failure(read())).message).toContain('does not tell the size of the file');
    expect(await read({ from: 0, size: 1 })).toBe('x');
    expect((await failure(read({ from: 0, size: 2 }))).kind).toBe('cut');
    home.answer = (_path, _request, response) => response.writeHead(206, { 'content-length': 3 }).end('xxx');
    expect((await failure(read({ from: 1 }))).message).toContain('does not tell which bytes it has');
  });

  test('fails when a body ends early, and hands on what came', async () => {
    home.answer = (_path, _request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('0123', () => response.destroy());
    };
    const { bytes } = await ours().open('acme/model', COMMIT, 'x', { from: 0 }, signal);
    let come = '';
    const error = await failure(
      (async () => {
        for await (const chunk of bytes) come += Buffer.from(chunk).toString();
      })(),
    );
    expect(error.kind).toBe('cut');
    expect(come).toBe('0123');
  });

  test('fails when nothing comes any more, be it before the answer or within it', async () => {
    home.answer = () => undefined;
    expect(await failure(read())).toMatchObject({
      kind: 'cut',
      message: expect.stringContaining('nothing came for 0.4 s') as unknown,
    });
    home.answer = (_path, _request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('0123');
    };
    const { kind, message } = await failure(read());
    expect(kind).toBe('cut');
    expect(message).not.toContain('the address is right');
  });

  test('a slow reader is no idle server', async () => {
    home.answer = (_path, _request, response) => {
      serveRange(response, undefined, Buffer.alloc(1024 * 1024));
    };
    const { bytes } = await ours({ idleMs: 60 }).open('acme/model', COMMIT, 'x', { from: 0 }, signal);
    let come = 0;
    for await (const chunk of bytes) {
      if (come === 0) await new Promise((later) => setTimeout(later, 150));
      come += chunk.length;
    }
    expect(come).toBe(1024 * 1024);
  });

  test('fails with the reason of its signal, at once', async () => {
    const stop = new AbortController();
    home.answer = (_path, _request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('0123');
      setTimeout(() => {
        stop.abort(new Error('enough'));
      }, 20);
    };
    const { bytes } = await ours().open('acme/model', COMMIT, 'x', { from: 0 }, stop.signal);
    await expect(gathered(bytes)).rejects.toThrow('enough');
    await expect(ours().open('acme/model', COMMIT, 'x', { from: 0 }, stop.signal)).rejects.toThrow('enough');
    expect(home.asked).toHaveLength(1);
  });

  test('fails with the name of a file that leads elsewhere', async () => {
    const open = ours().open('acme/model', COMMIT, '../../../api/whoami', { from: 0 }, signal);
    expect((await failure(open)).message).toContain('the name cannot be used');
    expect(home.asked).toEqual([]);
  });

  test('a body that nobody reads is let go of', async () => {
    const closed = new Promise(
      (gone) =>
        (home.answer = (_path, _request, response) => {
          response.writeHead(200, { 'content-length': 1e9 }).write('0123');
          response.on('close', gone);
        }),
    );
    (await ours().open('acme/model', COMMIT, 'x', { from: 0 }, signal)).close();
    await expect(closed).resolves.toBeUndefined();
  });
});

test('fails when nobody listens, without a word of the token', async () => {
  await home.stop();
  const { kind, message } = await failure(ours().resolve('acme/model', 'main', signal));
  expect(kind).toBe('cut');
  expect(message).toContain(`could not find main of ${home.origin}/acme/model: `);
  expect(message).toMatch(/ECONNREFUSED.*; see that the Hub's address is right \(HF_ENDPOINT, or an app's/);
});

describe('fails with the address of the storage, and no more of it, when the Hub answers and the storage', () => {
  beforeEach(() => {
    home.answer = (_path, _request, response) =>
      response.writeHead(302, { location: `${storage.origin}/object?signature=1` }).end();
  });

  async function blamed(): Promise<string> {
    const { kind, message } = await failure(read());
    expect(kind).toBe('cut');
    expect(message).not.toContain('HF_ENDPOINT');
    return message;
  }

  test('does not listen', async () => {
    await storage.stop();
    expect(await blamed()).toMatch(/^could not read "a b.*ECONNREFUSED.*; the Hub sends us on to the storage at/);
  });

  test('does not answer', async () => {
    storage.answer = () => undefined;
    expect(await blamed()).toContain(
      `nothing came for 0.4 s; the Hub sends us on to the storage at ${storage.origin}: see that this, too, can be reached`,
    );
  });
});

test('fails without a doubt about the address when a listing stops that had begun', async () => {
  home.answer = (_path, _request, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('[');
  };
  expect(await failure(ours().files('acme/model', COMMIT, signal))).toMatchObject({
    kind: 'cut',
    message: `could not list the files of ${home.origin}/acme/model at ${COMMIT}: nothing came for 0.4 s`,
  });
});

test('fails with the address of a Hub whose name nobody knows', async () => {
  const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND hub'), { code: 'ENOTFOUND' }));
  const { message } = await failure(
    hub({ endpoint: 'https://hub.example', lookup }).files('acme/model', COMMIT, signal),
  );
  expect(message).toMatch(
    / of https:\/\/hub\.example\/acme\/model at c+: getaddrinfo ENOTFOUND hub; see that the Hub's/,
  );
});

test.each([
  ['huggingface.co', 'it must begin with https://, or with http:// inside a network'],
  ['ftp://host', 'it must begin with https://, or with http:// inside a network'],
  ['https://host/path', 'it has more than scheme, host and port'],
  ['https://host/?q', 'it has more than scheme, host and port'],
  ['https://user:verySecret@host', 'it has a password in it; give a token instead'],
  ['https://user:verySecret@host/path', 'it has a password in it; give a token instead'],
  ['', 'it is empty; leave it out for the public Hub'],
])('fails with %j as the endpoint, says why, and repeats no password', (endpoint, problem) => {
  const made = () => hub({ endpoint });
  expect(made).toThrow(`the endpoint of a Hub is an origin such as 'https://huggingface.co': ${problem}`);
  expect(made).not.toThrow('verySecret');
});

test('an endpoint may end in a slash, and a token in a newline', async () => {
  home.answer = (_path, _request, response) => json(response, { sha: COMMIT });
  expect(hub({ endpoint: `${home.origin}/` }).endpoint).toBe(home.origin);
  expect(hub().endpoint).toBe('https://huggingface.co');
  await ours({ token: `${TOKEN}\n` }).resolve('acme/model', 'main', signal);
  expect(home.asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
});

test('fails with a token that no header can carry, and does not repeat it', () => {
  expect(() => hub({ token: 'hf_a\nb' })).toThrow(
    /^the token for the Hub is one that a header can carry: it has characters that no token has$/,
  );
});
