import type { Hub } from '../../../local/hugging-face';
import { text } from '../../../local/hugging-face';
import { ask, hubOf } from './testbed';

let hub: Hub;

beforeEach(async () => {
  const revisions = { main: { made: { 'config.json': text('{}'), 'model.safetensors': text('weights') } } };
  hub = await hubOf({
    repositories: {
      'acme/open': { revisions },
      'acme/gated': { revisions, gated: 'manual', readers: ['hf_reader'] },
      'acme/private': { revisions, private: true, readers: ['hf_reader'] },
    },
    datasets: ['acme/data'],
    tokens: ['hf_other'],
  });
});

async function outcome(path: string, token?: string) {
  const { status, headers } = await ask(hub.url + path, token === undefined ? {} : { token });
  return { status, code: headers.get('x-error-code'), message: headers.get('x-error-message') };
}

const file = (id: string) => `/${id}/resolve/main/model.safetensors`;

test('a reader gets what is gated and what is private', async () => {
  for (const id of ['acme/gated', 'acme/private']) {
    expect((await outcome(file(id), 'hf_reader')).status).toBe(302);
    expect((await outcome(`/api/models/${id}/tree/main`, 'hf_reader')).status).toBe(200);
  }
});

test('everybody can see what a gated repository holds, and that it is gated', async () => {
  expect((await outcome('/api/models/acme/gated/tree/main?recursive=true')).status).toBe(200);
  expect(await (await ask(`${hub.url}/api/models/acme/gated`)).json()).toMatchObject({ gated: 'manual' });
});

test('fails for gated files without a token with 401 GatedRepo, with a token that may not with 403', async () => {
  const anonymous = await outcome(file('acme/gated'));
  expect(anonymous).toMatchObject({ status: 401, code: 'GatedRepo' });
  expect(anonymous.message).toContain('Access to model acme/gated is restricted. You must have access to it');
  const other = await outcome(file('acme/gated'), 'hf_other');
  expect(other).toMatchObject({ status: 403, code: 'GatedRepo' });
  expect(other.message).toContain('you are not in the authorized list');
});

test.each(['acme/private', 'acme/none', 'acme/data'])(
  'fails for the model %s as for one that is not there',
  async (id) => {
    for (const path of [`/api/models/${id}`, `/api/models/${id}/tree/main`, file(id)]) {
      const nothing = { status: 401, code: null, message: 'Invalid username or password.' };
      expect(await outcome(path)).toEqual(nothing);
      const known = { status: 404, code: 'RepoNotFound', message: 'Repository not found' };
      expect(await outcome(path, 'hf_other')).toEqual(known);
    }
  },
);

test('fails with a token that was never given, whatever the repository', async () => {
  const wrong = { status: 401, code: null, message: 'Invalid credentials in Authorization header' };
  expect(await outcome('/api/models/acme/open', 'hf_unknown')).toEqual(wrong);
});

test('a dataset is found where datasets are', async () => {
  expect((await outcome('/api/datasets/acme/data')).status).toBe(200);
  expect((await outcome('/api/datasets/acme/open')).status).toBe(401);
});

test('fails in JSON from the API and in words from resolve', async () => {
  const api = await ask(`${hub.url}/api/models/acme/none`);
  expect(await api.json()).toEqual({ error: 'Invalid username or password.' });
  const words = await ask(`${hub.url}${file('acme/none')}`);
  expect(await words.text()).toBe('Invalid username or password.');
});
