import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadHub, type HubDownloadOptions } from '../../../weights/hub/download';
import { HubError } from '../../../weights/hub/hub-error';
import { FileInTheWayError } from '../../../weights/transfer/download-file';
import type { TransferEvent } from '../../../weights/transfer/events';
import { localTarget } from '../../../weights/transfer/local-folder';
import { noise } from '../transfer/ground';
import { COMMIT, type FakeHub, fakeHub } from './fake-hub';

const LARGE = 'model.safetensors';
const MODEL: Readonly<Record<string, Buffer>> = {
  [LARGE]: noise('weights', 3_500_000),
  'config.json': Buffer.from('{"model_type": "gpt_oss"}'),
  'tokenizer.json': noise('tokenizer', 900),
  NOTICE: Buffer.alloc(0),
};
/** As long as the weights, and nowhere like them. */
const WRONG = Buffer.from(MODEL[LARGE] ?? '').reverse();
const NAMES = Object.keys(MODEL).sort();
const BYTES = Object.values(MODEL).reduce((sum, { length }) => sum + length, 0);
const OTHERS: Readonly<Record<string, Buffer>> = {
  'metal/model.bin': noise('metal', 50),
  'original/model.safetensors': noise('original', 50),
  'model.gguf': noise('gguf', 50),
};

let hub: FakeHub;
let folder: string;
let events: TransferEvent[];
beforeEach(() => {
  hub = fakeHub({ ...MODEL, ...OTHERS });
  folder = mkdtempSync(join(tmpdir(), 'hub-download-'));
  events = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run = (options: Partial<HubDownloadOptions> = {}) =>
  downloadHub({
    hub,
    repository: 'acme/model',
    commit: COMMIT,
    target: localTarget(folder),
    backoff: { firstMs: 1, longestMs: 4 },
    onEvent: (event) => events.push(event),
    ...options,
  });

/** Names that the folder has otherwise, or not at all. */
const wrong = () =>
  Object.entries(MODEL).flatMap(([name, content]) => {
    const path = join(folder, name);
    return existsSync(path) && readFileSync(path).equals(content) ? [] : [name];
  });
const opened = (name: string) => hub.calls.filter((call) => call.startsWith(`open ${name} `));

test('a download is the model, without its copies in other formats', async () => {
  const result = await run();
  expect(wrong()).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(NAMES);
  expect(result).toMatchObject({ moved: NAMES, skipped: [], bytes: BYTES });
  expect(result.leftOut.map(({ name }) => name).sort()).toEqual(Object.keys(OTHERS).sort());
  expect(events[0]).toEqual({ type: 'plan', files: NAMES.length, bytes: BYTES });
  expect(events.at(-1)).toEqual({ type: 'total', files: NAMES.length, bytes: BYTES, moved: BYTES });
  expect(opened(LARGE)).toHaveLength(1);
});

test('progress is told in parts that come to the size of each file', async () => {
  await run();
  for (const name of NAMES) {
    const parts = events.flatMap((event) => (event.type === 'part' && event.file === name ? [event.bytes] : []));
    expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBe(MODEL[name]?.length);
  }
  expect(events.filter(({ type }) => type === 'done')).toHaveLength(NAMES.length);
});

test('files that are there already are not moved again, by either hash', async () => {
  await run();
  hub.calls.length = 0;
  expect(await run()).toMatchObject({ moved: [], skipped: NAMES });
  expect(hub.calls).toEqual(['files']);
});

test('another file of the same name is replaced when that is wanted', async () => {
  writeFileSync(join(folder, 'config.json'), '{"model_type": "another"}');
  expect(await run({ replace: true })).toMatchObject({ moved: NAMES });
  expect(wrong()).toEqual([]);
});

test('fails with another file of the same name, and leaves it', async () => {
  writeFileSync(join(folder, 'config.json'), '{"model_type": "another"}');
  await expect(run()).rejects.toThrow(FileInTheWayError);
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toContain('another');
});

test('a file that is cut off goes on at the byte, as often as it takes', async () => {
  hub.cutAt = (name, { from }) => (name === LARGE ? from + 200_000 : undefined);
  await run({ backoff: { attempts: 2, firstMs: 1, longestMs: 1 } });
  expect(wrong()).toEqual([]);
  expect(opened(LARGE)[1]).toBe(`open ${LARGE} 200000-`);
  expect(opened(LARGE)).toHaveLength(18);
});

test('what an earlier run has left is gone on from', async () => {
  writeFileSync(join(folder, `${LARGE}.part`), MODEL[LARGE]?.subarray(0, 1_234_567) ?? '');
  await run();
  expect(wrong()).toEqual([]);
  expect(opened(LARGE)).toEqual([`open ${LARGE} 1234567-`]);
  expect(events).toContainEqual({ type: 'part', file: LARGE, bytes: 1_234_567, moved: false });
});

test('a run that was stopped leaves what it has for the next', async () => {
  const stop = new AbortController();
  const onEvent = (event: TransferEvent) => {
    if (event.type === 'part' && event.file === LARGE) stop.abort(new Error('enough'));
  };
  hub.trouble = () => {
    stop.signal.throwIfAborted();
  };
  hub.cutAt = (name, { from }) => (name === LARGE && from === 0 ? 2_000_000 : undefined);
  await expect(run({ signal: stop.signal, onEvent })).rejects.toThrow('enough');
  expect(existsSync(join(folder, LARGE))).toBe(false);
  hub.trouble = () => undefined;
  hub.calls.length = 0;
  await run();
  expect(wrong()).toEqual([]);
  expect(opened(LARGE)).toEqual([`open ${LARGE} 2000000-`]);
});

test.each([
  ['wrong', WRONG.subarray(0, 1000)],
  ['whole, but wrong', WRONG],
])('a beginning that is %s is noticed, and the file begun anew', async (_what, left) => {
  writeFileSync(join(folder, `${LARGE}.part`), left);
  await run();
  expect(wrong()).toEqual([]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'restarted', file: LARGE }));
});

test('a beginning that is longer than the file is cut off', async () => {
  writeFileSync(join(folder, `${LARGE}.part`), Buffer.alloc(4_000_000));
  await run();
  expect(wrong()).toEqual([]);
  expect(opened(LARGE)).toEqual([`open ${LARGE} 0-`]);
});

test('fails when a file never comes as it is listed, and gives it no name', async () => {
  const lying = fakeHub({ ...MODEL, [LARGE]: WRONG });
  hub.open = (...args) => lying.open(...args);
  await expect(run()).rejects.toMatchObject({
    kind: 'damaged',
    message: `${LARGE} of acme/model did not come as the Hub lists it, 3 times in a row`,
  });
  expect(existsSync(join(folder, LARGE))).toBe(false);
});

test('fails when nothing comes, after its attempts', async () => {
  hub.trouble = (call) => {
    if (call.startsWith(`open ${LARGE}`)) throw new HubError('busy', 'not now');
  };
  await expect(run({ backoff: { attempts: 3, firstMs: 1 } })).rejects.toThrow('not now (3 times in a row)');
  expect(opened(LARGE)).toHaveLength(3);
});

test('only what is named is got', async () => {
  expect(await run({ files: new Set(['config.json', 'model.gguf']) })).toMatchObject({
    moved: ['config.json', 'model.gguf'],
    leftOut: [],
  });
  expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.gguf']);
});

test('fails with the name of a file that the commit does not have', async () => {
  await expect(run({ files: new Set(['config.json', 'gone.json']) })).rejects.toMatchObject({ kind: 'missing-file' });
  expect(readdirSync(folder)).toEqual([]);
});
