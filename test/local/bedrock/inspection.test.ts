import type { Switches } from '../../../local/bedrock/switches';
import { config, goodIndex, putFolder, safetensors, testbed } from './testbed';

type Files = Parameters<typeof putFolder>[1];
const shard = 'model-00001-of-00002.safetensors';
const index = 'model.safetensors.index.json';
const tensor = (change: object) => ({ dtype: 'BF16', shape: [4, 2], data_offsets: [0, 16], ...change });
const withTensor = (change: object, dataBytes?: number) => ({
  [shard]: safetensors({ 'lm_head.weight': tensor(change) }, dataBytes),
});
const mxfp4 = { [shard]: safetensors({ 'lm_head.weight': tensor({ dtype: 'U8', shape: [16] }) }) };

async function importFolder(files: Files, switches: Partial<Switches> = {}) {
  const { weights, importModel } = testbed(switches);
  weights.buckets.get('weights')?.clear();
  putFolder(weights, files);
  return importModel();
}

describe('an import fails', () => {
  test.each<[string, Files, string]>([
    ['without config.json', { 'config.json': undefined }, 'missing required files: config.json'],
    ['without tokenizer.json', { 'tokenizer.json': undefined }, 'tokenizer.json'],
    ['without tokenizer_config.json', { 'tokenizer_config.json': undefined }, 'tokenizer_config.json'],
    [
      'with a config that is not JSON',
      { 'config.json': '{' },
      'config.json file of the model is not a valid JSON object',
    ],
    ['with a config that is a list', { 'config.json': [] }, 'config.json'],
    ['with an empty tokenizer', { 'tokenizer.json': '' }, 'tokenizer.json'],
    [
      'with an unknown architecture',
      { 'config.json': { ...config, model_type: 'bert' } },
      'does not support the architecture (bert)',
    ],
    [
      'with a GPT-OSS without its head',
      { 'config.json': { ...config, architectures: ['GptOssModel'] } },
      'GptOssModel',
    ],
    ['with too long a context', { 'config.json': { ...config, max_position_embeddings: 131_073 } }, 'less than 128K'],
    [
      'with a tokenizer of transformers 5',
      { 'tokenizer_config.json': { tokenizer_class: 'TokenizersBackend' } },
      'TokenizersBackend',
    ],
    [
      'without metadata in the index',
      { [index]: { weight_map: goodIndex.weight_map } },
      'must include a metadata field',
    ],
    [
      'with total_parameters in the index',
      { [index]: { ...goodIndex, metadata: { total_parameters: 9, total_size: 9 } } },
      'unsupported fields: total_parameters',
    ],
    ['without a weight map', { [index]: { metadata: {} } }, 'weight_map'],
    ['without a shard that the index names', { [shard]: undefined }, `The file ${shard}, which`],
    [
      'with a tensor that is not in its shard',
      { [index]: { metadata: {}, weight_map: { other: shard } } },
      'The tensor other is missing',
    ],
    ['with several files and no index', { [index]: undefined }, index],
    [
      'with a Git LFS pointer',
      { [shard]: 'version https://git-lfs.github.com/spec/v1\noid sha256:0' },
      'its header would have',
    ],
    ['with an empty shard', { [shard]: '' }, '0 bytes'],
    ['with a header that is not JSON', { [shard]: safetensors('{"a":') }, 'not a JSON object'],
    [
      'with a header longer than its file',
      { [shard]: safetensors('{}').fill(0xff, 0, 1) },
      'would have 255 bytes, in a file of 10',
    ],
    ['with a file cut short', withTensor({}, 15), '16 bytes of data, the file holds 15'],
    ['with a byte too many', withTensor({}, 17), '16 bytes of data, the file holds 17'],
    ['with a hole in the data', withTensor({ data_offsets: [2, 18] }), 'a hole or overlap at byte 0'],
    ['with a shape that does not fit its bytes', withTensor({ shape: [4, 3] }), 'need another number'],
    ['with an unknown type', withTensor({ dtype: 'BF17' }), 'malformed'],
    ['with negative sizes', withTensor({ shape: [-4, -2] }), 'malformed'],
  ])('%s', async (_, files, message) => {
    const job = await importFolder(files);
    expect(job).toMatchObject({ status: 'Failed', failureMessage: expect.stringContaining(message) as string });
    expect(job).not.toHaveProperty('importedModelArn');
  });

  test('with nothing at the prefix', async () => {
    const { weights, importModel } = testbed();
    weights.buckets.get('weights')?.clear();
    expect((await importModel()).failureMessage).toBe('No model files were found at s3://weights/med/');
  });

  test('with a bucket that does not exist', async () => {
    const { weights, importModel } = testbed();
    weights.buckets.clear();
    expect((await importModel()).failureMessage).toContain('bucket does not exist');
  });

  test('with two hundred gigabytes or more', async () => {
    const job = await importFolder({}, { maxWeightsBytes: 100 });
    expect(job.failureMessage).toContain('must be less than 200GB');
  });
});

test('GPT-OSS outside us-east-1 is an unsupported architecture', async () => {
  const trust = {
    Statement: { Effect: 'Allow', Principal: { Service: 'bedrock.amazonaws.com' }, Action: '*' },
  } as const;
  const { weights, roles, importModel } = testbed({}, { region: 'us-west-2' });
  weights.region = 'us-west-2';
  for (const role of roles.byArn.values()) roles.byArn.set(role.arn, { ...role, trust });
  const job = await importModel();
  expect(job.failureMessage).toContain('does not support the architecture (gpt_oss)');
  expect(job.failureMessage).not.toMatch(/\[.*gpt_oss.*\]/);
});

test.each<[string, Files]>([
  ['an index with empty metadata', { [index]: { ...goodIndex, metadata: {} } }],
  ['a wrong generation_config.json, which only inference needs', { 'generation_config.json': '{' }],
  ['files that no model needs', { 'README.md': '# Hi', '.gitattributes': '', 'original/model.safetensors': 'x' }],
])('an import succeeds with %s', async (_, files) => {
  expect((await importFolder(files)).status).toBe('Completed');
});

const single: Files = {
  [index]: undefined,
  [shard]: undefined,
  'model-00002-of-00002.safetensors': undefined,
  'model.safetensors': safetensors({ 'lm_head.weight': tensor({}) }),
};

test.each<[string, Partial<Switches>, Files, Partial<Switches>]>([
  ['a single file without an index', {}, single, { singleFileWithoutIndex: 'refused' }],
  ['MXFP4 weights', {}, mxfp4, { mxfp4: 'refused' }],
  ['a folder inside', {}, { 'metal/model.bin': 'x' }, { subfolders: 'refused' }],
  [
    'a tokenizer that AWS does not list',
    { unlistedTokenizer: 'accepted' },
    { 'tokenizer_config.json': { tokenizer_class: 'X' } },
    {},
  ],
])('%s is accepted or refused as the switch says', async (_, accepting, files, refusing) => {
  expect((await importFolder(files, accepting)).status).toBe('Completed');
  expect((await importFolder(files, refusing)).status).toBe('Failed');
});
