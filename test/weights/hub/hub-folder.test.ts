import { HubError } from '../../../weights/hub/hub-error';
import { hubFolder } from '../../../weights/hub/hub-folder';
import { Unreadable } from '../../../weights/model-folder';
import { COMMIT, type FakeHub, fakeHub } from './fake-hub';

const HASTE = { firstMs: 1, longestMs: 4 };
const LARGE = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251));

let hub: FakeHub;
beforeEach(() => {
  hub = fakeHub({ 'config.json': Buffer.from('{"a": "模型"}'), 'model.safetensors': LARGE });
});
const folder = () => hubFolder(hub, 'acme/model', COMMIT, { backoff: HASTE });

test('the folder is listed once, with hashes for ETags', async () => {
  const ours = folder();
  const [config, model] = await ours.list();
  expect(config).toEqual({ name: 'config.json', size: 15, etag: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown });
  expect(model).toEqual({
    name: 'model.safetensors',
    size: 5000,
    etag: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  });
  await Promise.all([ours.list(), ours.readText('config.json', 100)]);
  expect(hub.calls.filter((call) => call === 'files')).toHaveLength(1);
  expect(ours.address).toBe(`hf://acme/model@${COMMIT}`);
});

test('a text is read whole, bytes by their range, and never more than the file has', async () => {
  const ours = folder();
  expect(await ours.readText('config.json', 100)).toBe('{"a": "模型"}');
  expect(await ours.readBytes('model.safetensors', 10, 20)).toEqual(LARGE.subarray(10, 30));
  expect(await ours.readBytes('model.safetensors', 4990, 100)).toEqual(LARGE.subarray(4990));
  expect(await ours.readBytes('model.safetensors', 6000, 100)).toHaveLength(0);
  expect(await ours.readBytes('model.safetensors', 0, 0)).toHaveLength(0);
  expect(hub.calls).toEqual([
    'files',
    'open config.json 0-15',
    'open model.safetensors 10-30',
    'open model.safetensors 4990-5000',
  ]);
});

test('a read that is cut is made again, and so is a listing', async () => {
  let listings = 0;
  hub.trouble = (call) => {
    if (call === 'files' && ++listings < 3) throw new HubError('busy', 'not now');
  };
  let reads = 0;
  hub.cutAt = () => (++reads < 3 ? 1500 : undefined);
  expect(await folder().readBytes('model.safetensors', 100, 4000)).toEqual(LARGE.subarray(100, 4100));
  expect([listings, reads]).toEqual([3, 3]);
});

test('fails to read a text that is larger than the bound, and asks for none of it', async () => {
  await expect(folder().readText('model.safetensors', 4999)).rejects.toThrow(
    new Unreadable('model.safetensors', 'is larger than 4999 bytes'),
  );
  expect(hub.calls).toEqual(['files']);
});

test('fails to read a file that is not there, or is no longer as it was listed', async () => {
  await expect(folder().readText('gone.json', 10)).rejects.toThrow(Unreadable);
  hub.trouble = (call) => {
    if (call.startsWith('open')) throw new HubError('changed', 'another size');
  };
  await expect(folder().readText('config.json', 100)).rejects.toThrow('config.json is not as the Hub lists it');
});

test('fails as the Hub does when the whole repository cannot be had, and asks again the next time', async () => {
  const ours = folder();
  hub.trouble = () => {
    throw new HubError('gated', 'accept the conditions');
  };
  await expect(ours.list()).rejects.toMatchObject({ kind: 'gated' });
  hub.trouble = () => undefined;
  expect(await ours.list()).toHaveLength(2);
});

test('files that were listed before are not listed again', async () => {
  const files = await hub.files('acme/model', COMMIT, new AbortController().signal);
  hub.calls.length = 0;
  await hubFolder(hub, 'acme/model', COMMIT, { files }).list();
  expect(hub.calls).toEqual([]);
});
