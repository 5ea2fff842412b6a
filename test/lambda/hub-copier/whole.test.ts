import { createHash } from 'node:crypto';
import { LOCK, RECEIPT } from '../../../weights/file-names';
import { parseLock } from '../../../weights/lock';
import { BUCKET, copyGround, type CopyGround, type CopyGroundOptions, PREFIX, REPOSITORY } from './ground';
import { execute, plannedItems } from './state-machine';
import { FIRST, INDEX, misnamedModel, modelToRepair, SHARDS, text, tinyModel } from './tiny-model';

let ground: CopyGround;
const start = async (options: Partial<CopyGroundOptions> = {}) => {
  ground = await copyGround({ files: tinyModel(), ...options });
};
afterEach(() => ground.end());

const WRITES = ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'DeleteObjects'];
const writes = () => ground.s3.asked.filter(({ operation }) => WRITES.includes(operation));
const lock = () => parseLock(ground.objects().get(LOCK)?.toString() ?? '');

describe.each(['full', 'composite', 'none'] as const)('where S3 tells checksums of this kind: %s', (checksums) => {
  test('copies a model whose files have the hashes that the Hub lists', async () => {
    const files = tinyModel();
    await start({ files, s3: { checksums } });
    expect(await execute(ground)).toMatchObject({ state: 'done', why: '' });
    const listed = (await ground.hub.at(REPOSITORY)).files;
    for (const shard of SHARDS) {
      const bytes = ground.objects().get(shard) ?? Buffer.alloc(0);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(listed.get(shard)?.lfs?.sha256);
    }
    const copied = [...ground.objects()].filter(([name]) => name !== LOCK && name !== RECEIPT);
    for (const [name, bytes] of copied) expect(bytes.equals(files[name] ?? Buffer.alloc(0))).toBe(true);
    expect(lock().files.map(({ name }) => name)).toEqual(copied.map(([name]) => name).sort());
    expect(lock().source).toEqual({ repository: REPOSITORY, revision: ground.copy.commit });
    expect(ground.s3.unfinished()).toBe(0);
  });

  test('copies nothing the second time, and writes nothing', async () => {
    await start({ files: modelToRepair(), s3: { checksums } });
    await execute(ground);
    ground.s3.asked.splice(0);
    const read = ground.hub.requests.length;
    expect(await execute(ground)).toMatchObject({ state: 'done', items: [] });
    // where nothing is told of an object, receipt and lock are written once more
    const written = writes().map(({ key }) => key.slice(PREFIX.length));
    expect(written).toEqual(checksums === 'none' ? [RECEIPT, LOCK] : []);
    // the beginning of a shard is its header, which is looked at before and after
    const again = ground.hub.requests.slice(read).filter(({ kind, range }) => kind === 'cdn' && !range);
    expect(again).toEqual([]);
  });
});

test('writes receipt and lock last of all, after every file', async () => {
  await start({ files: modelToRepair() });
  await execute(ground);
  const last = writes()
    .slice(-2)
    .map(({ key }) => key);
  expect(last).toEqual([`${PREFIX}${RECEIPT}`, `${PREFIX}${LOCK}`]);
});

test('sends large files in parts and small ones whole', async () => {
  await start();
  await execute(ground);
  const keys = (operation: string) =>
    new Set(ground.s3.asked.filter((one) => one.operation === operation).map(({ key }) => key.slice(PREFIX.length)));
  expect(keys('UploadPart')).toEqual(new Set(SHARDS));
  expect(keys('PutObject')).toContain('config.json');
});

test('plans the largest file first, and of a model only its own files', async () => {
  await start({
    files: {
      ...tinyModel(),
      'original/model.safetensors': Buffer.alloc(500_000),
      'metal/model.bin': Buffer.alloc(500_000),
    },
  });
  const items = await plannedItems(ground);
  const sizes = items.map(({ file }) => file.size);
  expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
  expect(items.map(({ file }) => file.name).filter((name) => /original|metal/.test(name))).toEqual([]);
});

test('writes the texts that are repaired, and all others as they are', async () => {
  const files = modelToRepair();
  await start({ files });
  const { items } = await execute(ground);
  expect(items).not.toContain(INDEX);
  const objects = ground.objects();
  expect(JSON.parse(objects.get(INDEX)?.toString() ?? '')).toEqual(JSON.parse(text(tinyModel(), INDEX)));
  const config: unknown = JSON.parse(objects.get('generation_config.json')?.toString() ?? '');
  expect(config).toMatchObject({ eos_token_id: [200002, 199999, 200012] });
  for (const name of ['config.json', 'tokenizer.json', ...SHARDS]) {
    expect(objects.get(name)?.equals(files[name] ?? Buffer.alloc(0))).toBe(true);
  }
});

test('writes a text that the repository lacks', async () => {
  const files = Object.entries(tinyModel()).filter(([name]) => name !== 'generation_config.json');
  await start({ files: Object.fromEntries(files) });
  expect(await execute(ground)).toMatchObject({ state: 'done' });
  expect(ground.objects().get('generation_config.json')?.toString()).toContain('200012');
});

test('fails before a byte is copied where Bedrock would refuse the model, and says what is wrong with it', async () => {
  const files = { ...tinyModel() };
  files['config.json'] = Buffer.from(text(files, 'config.json').replace('GptOssForCausalLM', 'LlamaForCausalLM'));
  await start({ files });
  const { state, why } = await execute(ground);
  expect(state).toBe('failed');
  expect(why).toContain(`hf://${REPOSITORY}@${ground.copy.commit} is not a model that Bedrock imports: config.json: `);
  expect(why).toMatch(/Nothing was copied\. Next: .* in 'acceptedFindings' of the source and of the model\.$/);
  expect(writes()).toEqual([]);
});

test('copies a model whose errors are accepted', async () => {
  const files = { ...tinyModel() };
  files['tokenizer_config.json'] = Buffer.from('{"tokenizer_class": "OwnTokenizer"}');
  await start({ files });
  const refused = await execute(ground);
  const codes = [...refused.why.matchAll(/'([a-z0-9-]+)'(?=[, ]+(?:'|in 'accepted))/g)].map(([, code = '']) => code);
  expect(codes).not.toEqual([]);
  const copy = { ...ground.copy, acceptedFindings: codes };
  expect(await execute({ ...ground, copy })).toMatchObject({ state: 'done' });
});

test('copies the files as they are, or not at all, when nothing is to be repaired', async () => {
  const files = { ...tinyModel() };
  files['generation_config.json'] = Buffer.from('{"eos_token_id": 200002}');
  await start({ files });
  const untouched = { ...ground.copy, rules: 'none' as const };
  const { why } = await execute({ ...ground, copy: untouched });
  expect(why).toContain('generation_config.json');
  const accepting = { ...untouched, acceptedFindings: ['eos-ids'] };
  expect(await execute({ ...ground, copy: accepting })).toMatchObject({ state: 'done' });
  expect(ground.objects().get('generation_config.json')).toEqual(files['generation_config.json']);
});

test('fails before a byte is copied where a header would have to be repaired, and says how to go on', async () => {
  await start({ files: misnamedModel() });
  const { state, why } = await execute(ground);
  expect(state).toBe('failed');
  expect(why).toContain('needs a repair that is not made on the way');
  expect(why).toContain("Next: 'bedrock-gpt-oss download' it, 'repair' and 'upload' it");
  expect(writes()).toEqual([]);
});

test('takes a lock away before it copies, and writes it anew in the end', async () => {
  await start();
  await execute(ground);
  ground.s3.objects(BUCKET).delete(`${PREFIX}${FIRST}`);
  ground.s3.asked.splice(0);
  expect(await execute(ground)).toMatchObject({ state: 'done', items: [FIRST] });
  expect(writes()[0]?.operation).toBe('DeleteObjects');
  expect(writes().at(-1)?.key).toBe(`${PREFIX}${LOCK}`);
  expect(lock().files.map(({ name }) => name)).toContain(FIRST);
});

test('copies again what lies there under the same name and is something else', async () => {
  await start();
  await execute(ground);
  const objects = ground.s3.objects(BUCKET);
  const [one, other] = [`${PREFIX}tokenizer.json`, `${PREFIX}config.json`];
  const config = objects.get(other);
  if (!config) throw new Error('there is no config.json');
  objects.set(one, config);
  expect(await execute(ground)).toMatchObject({ state: 'done', items: ['tokenizer.json'] });
  expect(ground.objects().get('tokenizer.json')?.toString()).toBe(text(tinyModel(), 'tokenizer.json'));
});

test('mends a text that changed after an earlier copy', async () => {
  await start({ files: modelToRepair() });
  await execute(ground);
  const objects = ground.s3.objects(BUCKET);
  const config = objects.get(`${PREFIX}config.json`);
  if (!config) throw new Error('there is no config.json');
  objects.set(`${PREFIX}generation_config.json`, config);
  expect(await execute(ground)).toMatchObject({ state: 'done' });
  expect(ground.objects().get('generation_config.json')?.toString()).toContain('200012');
  expect(ground.objects().has('config.json')).toBe(true);
});

test('a branch that moves on in the middle leaves the copy at its commit', async () => {
  await start();
  const { commit } = ground.copy;
  const copied = execute(ground, async (task, options) => {
    if (task.step === 'plan') await ground.hub.move(REPOSITORY, 'main', { made: {} });
    return ground.invoke(task, options);
  });
  expect(await copied).toMatchObject({ state: 'done' });
  expect(lock().source?.revision).toBe(commit);
});
