import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault, Operation } from '../../../local/misbehaving-s3';
import { download } from '../../../weights/transfer/download';
import { localSource, localTarget } from '../../../weights/transfer/local-folder';
import { s3Store } from '../../../weights/transfer/s3';
import type { Store } from '../../../weights/transfer/store';
import { upload } from '../../../weights/transfer/upload';
import { verify } from '../../../weights/transfer/verify';
import { clientOf, noise, transferGround, type TransferGround } from './ground';
import { type TlsFront, tlsFront } from './tls-front';

/** Larger than what TLS is given at once, so that a part goes in several pieces. */
const PART = 1_300_000;
const FILES = { 'model.safetensors': noise('weights', 4 * PART + 5), 'config.json': Buffer.from('{}') };

let ground: TransferGround;
let front: TlsFront;
let folder: string;
let store: Store;

beforeEach(async () => {
  ground = await transferGround({ smallestPart: PART });
  front = await tlsFront(ground.s3.url);
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
  ground.write(FILES);
  const requestHandler = { httpsAgent: front.agent, socketTimeout: 400 };
  store = s3Store({ bucket: 'weights', client: { ...clientOf(front.url), requestHandler } });
});

afterEach(async () => {
  await front.stop();
  await ground.end();
  rmSync(folder, { recursive: true });
});

/** Requests of a kind that are about the weights go wrong, each in the next way, until all ways were gone. */
function strike(operation: Operation, ways: readonly Fault[]): Iterator<Fault> {
  const left = ways.values();
  ground.s3.mischief = (about) =>
    about.operation === operation && !about.key.endsWith('.json') ? left.next().value : undefined;
  return left;
}

const common = () => ({ ...ground.common, partBytes: PART });
const send = () =>
  upload({ ...common(), source: localSource(ground.folder), files: Object.keys(FILES), store, prefix: 'v1/' });

test('over TLS, where parts go in pieces and unsigned, an upload survives what a server does to it', async () => {
  const left = strike('UploadPart', ['cut-request', 'damage-request', 'SlowDown', 'cut-answer', 'hang', 'lose-part']);
  const { lock } = await send();
  expect(left.next().done).toBe(true);
  for (const [name, content] of Object.entries(FILES)) {
    expect(ground.s3.objects('weights').get(`v1/${name}`)?.bytes.equals(content)).toBe(true);
  }
  expect((await verify({ ...common(), lock, store, prefix: 'v1/', deep: true })).verified).toBe(true);
});

test('over TLS a download survives what a server does to it', async () => {
  await send();
  const left = strike('GetObject', ['cut-answer', 'damage-answer', 'hang', 'InternalError']);
  await download({ ...common(), store, prefix: 'v1/', target: localTarget(folder) });
  expect(left.next().done).toBe(true);
  for (const [name, content] of Object.entries(FILES)) {
    expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
  }
});

test('fails over TLS with the reason of a server that goes on failing', async () => {
  ground.s3.mischief = ({ operation }) => (operation === 'UploadPart' ? 'cut-request' : undefined);
  await expect(send()).rejects.toMatchObject({ failure: 'cut' });
  expect([...ground.s3.objects('weights').keys()].filter((key) => key.endsWith('lock.json'))).toEqual([]);
});
