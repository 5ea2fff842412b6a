import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Asked, type Fault, type Hub as LocalHub, startHub, text, zeros } from '../../../local/hugging-face';
import { gathered } from '../../../weights/hub/bytes';
import { downloadHub } from '../../../weights/hub/download';
import { hub } from '../../../weights/hub/hugging-face';
import { localTarget } from '../../../weights/transfer/local-folder';

const LARGE = 11 * 1024 * 1024;
const FILES = { 'large.bin': zeros(LARGE), 'small.json': text('{}'), 'empty.txt': text('') };
const ENOUGH = new Error('enough');

let local: LocalHub;
let commit: string;
beforeAll(async () => {
  local = await startHub({ repositories: { 'acme/tiny': { made: FILES } } });
  ({ commit } = await local.at('acme/tiny'));
});
beforeEach(() => {
  local.mischief = undefined;
});
afterAll(() => local.close());

const open = (name: string, signal: AbortSignal) =>
  hub({ endpoint: local.url }).open('acme/tiny', commit, name, { from: 0 }, signal);
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((next) => setImmediate(next));
};

/** Aborts so many turns of the event loop after a kind of request has come, which is then struck. */
function stopAt(kind: Asked['kind'], after: number, fault?: Fault): AbortSignal {
  const stop = new AbortController();
  local.mischief = (asked) => {
    if (asked.kind !== kind) return undefined;
    void turns(after).then(() => {
      stop.abort(ENOUGH);
    });
    return fault;
  };
  return stop.signal;
}

describe('fails at once, with the reason of the signal and nothing that nobody catches, when it is aborted', () => {
  test.each([
    ['before the headers', 'large.bin', 'resolve'],
    ['after the redirect', 'large.bin', 'cdn'],
    ['after the redirect of a small file', 'small.json', 'cached'],
  ] as const)('%s', async (_, name, kind) => {
    await expect(open(name, stopAt(kind, 3, { kind: 'hang' }))).rejects.toBe(ENOUGH);
  });

  test('in the body', async () => {
    const { bytes } = await open('large.bin', stopAt('cdn', 30, { kind: 'slow', bytesPerSecond: 1_000_000 }));
    await expect(gathered(bytes)).rejects.toBe(ENOUGH);
  });

  test('in the body of a download', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-abort-'));
    try {
      const signal = stopAt('cdn', 30, { kind: 'slow', bytesPerSecond: 1_000_000 });
      const target = localTarget(folder);
      const from = hub({ endpoint: local.url });
      const download = downloadHub({ hub: from, repository: 'acme/tiny', commit, target, files: NAMES, signal });
      await expect(download).rejects.toBe(ENOUGH);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const NAMES = new Set(Object.keys(FILES));

test.each(Object.keys(FILES))(
  'an abort at any moment of reading %s is told to the reader and to nobody else',
  async (name) => {
    const size = name === 'large.bin' ? LARGE : name === 'small.json' ? 2 : 0;
    for (const kind of ['resolve', name === 'large.bin' ? 'cdn' : 'cached'] as const) {
      for (let after = 0; after < 12; after++) {
        const outcome: unknown = await open(name, stopAt(kind, after))
          .then(async ({ bytes }) => (await gathered(bytes)).length)
          .catch((error: unknown) => error);
        expect([ENOUGH, size]).toContain(outcome);
      }
    }
  },
);

test.each(['small.json', 'empty.txt'])(
  'an abort when all of %s is there and not yet read is no failure',
  async (name) => {
    const stop = new AbortController();
    const { bytes } = await open(name, stop.signal);
    const reading = gathered(bytes).catch((error: unknown) => error);
    stop.abort(ENOUGH);
    await turns(5); // an error that nobody catches comes now, and fails the test
    expect([ENOUGH, ...['{}', ''].map((content) => Buffer.from(content))]).toContainEqual(await reading);
  },
);
