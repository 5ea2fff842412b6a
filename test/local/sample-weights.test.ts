import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureVenv } from '../../local/python';
import { writeSampleWeights, type SampleFile } from '../../local/sample-weights';

jest.setTimeout(90_000);

/** Reads a folder by the libraries that GPT-OSS's users have, which nobody here wrote. */
const READER = `
import glob, json, sys, safetensors, tokenizers
folder = sys.argv[1]
shards = {}
for path in sorted(glob.glob(folder + '/*.safetensors')):
    with open(path, 'rb') as file:
        for name, tensor in safetensors.deserialize(file.read()):
            shards[name] = [path.rsplit('/', 1)[1], tensor['dtype'], tensor['shape']]
tokenizer = tokenizers.Tokenizer.from_file(folder + '/tokenizer.json')
text = '<|start|>user<|message|>Hällo\\n<|end|>'
ids = tokenizer.encode(text).ids
print(json.dumps({'tensors': shards, 'ids': ids, 'text': tokenizer.decode(ids, skip_special_tokens=False) == text}))
`;

interface Read {
  readonly tensors: Readonly<Record<string, readonly [shard: string, dtype: string, shape: readonly number[]]>>;
  readonly ids: readonly number[];
  readonly text: boolean;
}

describe('writeSampleWeights', () => {
  let folder: string;
  let python: string;

  beforeAll(async () => {
    python = join(await ensureVenv('weights-readers', ['safetensors==0.8.0', 'tokenizers==0.23.3']), 'python');
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weights-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const read = () => JSON.parse(execFileSync(python, ['-c', READER, folder], { encoding: 'utf8' })) as Read;
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const hashes = (files: readonly SampleFile[]) =>
    files.map(({ name }) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    );

  test('is read by safetensors and tokenizers, with the names, types and shapes of GPT-OSS in BF16', async () => {
    await writeSampleWeights(folder);
    const { tensors, ids, text } = read();
    expect(Object.keys(tensors)).toHaveLength(17 * 2 + 3);
    expect(tensors['model.embed_tokens.weight']?.slice(1)).toEqual(['BF16', [201088, 32]]);
    expect(tensors['model.layers.1.mlp.experts.gate_up_proj']?.slice(1)).toEqual(['BF16', [4, 32, 64]]);
    expect(tensors['model.layers.0.self_attn.sinks']?.slice(1)).toEqual(['BF16', [4]]);
    expect(ids.slice(0, 1)).toEqual([200006]);
    expect(ids.slice(-1)).toEqual([200007]);
    expect(text).toBe(true);
  });

  test('has the packed experts of the official files in MXFP4', async () => {
    await writeSampleWeights(folder, { format: 'mxfp4' });
    const { tensors } = read();
    expect(Object.keys(tensors)).toHaveLength(19 * 2 + 3);
    expect(tensors['model.layers.0.mlp.experts.gate_up_proj_blocks']?.slice(1)).toEqual(['U8', [4, 64, 1, 16]]);
    expect(tensors['model.layers.0.mlp.experts.down_proj_scales']?.slice(1)).toEqual(['U8', [4, 32, 1]]);
    expect(json('config.json')).toHaveProperty('quantization_config.quant_method', 'mxfp4');
  });

  test('has an index that names each tensor in the shard where it is', async () => {
    await writeSampleWeights(folder);
    const places = Object.fromEntries(Object.entries(read().tensors).map(([name, [shard]]) => [name, shard]));
    expect(json('model.safetensors.index.json')).toEqual({ metadata: { total_size: 25_803_488 }, weight_map: places });
    expect(new Set(Object.values(places)).size).toBe(2);
  });

  test('keeps what JSON.stringify would change in config.json, and the three ends of generation', async () => {
    await writeSampleWeights(folder);
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toMatch(/"swiglu_limit": 7\.0,/);
    expect(json('generation_config.json')).toHaveProperty('eos_token_id', [200002, 199999, 200012]);
  });

  test('writes the same bytes every time, less than 40 MB', async () => {
    const files = await writeSampleWeights(folder);
    const first = hashes(files);
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(40e6);
    expect(hashes(await writeSampleWeights(folder))).toEqual(first);
  });

  test('can be what Bedrock refuses: an index with total_parameters', async () => {
    await writeSampleWeights(folder, { totalParameters: true });
    expect(json('model.safetensors.index.json')).toHaveProperty('metadata.total_parameters', 12_901_744);
  });
});
