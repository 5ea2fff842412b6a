import { openSync, ftruncateSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk, zeros } from '../../../local/hugging-face';
import { ask, bytesOf, folderOf, hubOf, link } from './testbed';

const GB = 1_000_000_000;
const KNOWN = { sha256: 'ab'.repeat(32) };

/** 10 GB that take no room on disk, with a word at their end. */
function sparse(folder: string): string {
  const file = join(folder, 'model.safetensors');
  const descriptor = openSync(file, 'w');
  ftruncateSync(descriptor, 10 * GB);
  writeSync(descriptor, 'end', 10 * GB - 3);
  closeSync(descriptor);
  return file;
}

test('ranges of a sparse file of 10 GB come without reading the rest', async () => {
  const content = await onDisk(sparse(folderOf({})), KNOWN);
  const hub = await hubOf({ repositories: { 'acme/tiny': { made: { 'model.safetensors': content } } } });
  const answer = await ask(await link(hub), { range: `bytes=${10 * GB - 5}-` });
  expect(answer.headers.get('content-range')).toBe(`bytes ${10 * GB - 5}-${10 * GB - 1}/${10 * GB}`);
  expect(await answer.text()).toBe('\0\0end');
});

test('a known hash is told as it is, without reading anything', async () => {
  const hub = await hubOf({ repositories: { 'acme/tiny': { made: { 'model.safetensors': zeros(65 * GB, KNOWN) } } } });
  const { headers } = await ask(`${hub.url}/acme/tiny/resolve/main/model.safetensors`);
  expect([headers.get('x-linked-size'), headers.get('x-linked-etag')]).toEqual(['65000000000', `"${KNOWN.sha256}"`]);
});

test('zeros have the hash of zeros', async () => {
  const hub = await hubOf({ repositories: { 'acme/tiny': { made: { 'model.safetensors': zeros(3_000_000) } } } });
  // head -c 3000000 /dev/zero | sha256sum
  expect((await hub.at('acme/tiny')).files.get('model.safetensors')?.lfs?.sha256).toBe(
    '35bce4eae54ec8e6cc2868baa8d157914d6ae2858811b4cc0c078c94460fa26f',
  );
  const bytes = await bytesOf(await ask(await link(hub)));
  expect(bytes.equals(Buffer.alloc(3_000_000))).toBe(true);
});

test('300 MB are sent with less than 100 MB of memory', async () => {
  const hub = await hubOf({
    repositories: { 'acme/tiny': { made: { 'model.safetensors': zeros(300_000_000, KNOWN) } } },
  });
  const answer = await ask(await link(hub));
  const before = process.memoryUsage.rss();
  let [received, most] = [0, 0];
  for await (const chunk of answer.body ?? []) {
    received += (chunk as Uint8Array).length;
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  expect(received).toBe(300_000_000);
  expect(most).toBeLessThan(100_000_000);
});

test('a client that goes away in the middle disturbs nobody', async () => {
  const hub = await hubOf({ repositories: { 'acme/tiny': { made: { 'model.safetensors': zeros(GB, KNOWN) } } } });
  const url = await link(hub);
  const gone = await ask(url);
  await gone.body?.cancel();
  expect(await (await ask(url, { range: 'bytes=0-2' })).text()).toBe('\0\0\0');
});
