import { select } from '../../weights/selection';

const listing = (...names: readonly string[]) => names.map((name) => ({ name, size: 1, etag: '' }));
const uploaded = (names: readonly string[], weights?: ReadonlySet<string>) =>
  select(listing(...names), weights).upload.map(({ name }) => name);

test("of the official repositories' layout, only the files of the model itself are uploaded", () => {
  const files = listing(
    '.cache/',
    '.gitattributes',
    'LICENSE',
    'README.md',
    'chat_template.jinja',
    'config.json',
    'metal/model.bin',
    'model-00000-of-00001.safetensors',
    'model-00001-of-00001.safetensors',
    'model.safetensors.index.json',
    'original/config.json',
    'original/model.safetensors',
    'tokenizer.json',
  );
  const { upload, leftOut } = select(files);
  expect(leftOut).toEqual([
    { name: '.cache/', size: 1, why: "the downloader's notes" },
    { name: '.gitattributes', size: 1, why: "the repository's settings" },
    {
      name: 'metal/model.bin',
      size: 1,
      why: "the weights in Apple's format, which would take the import past its limit",
    },
    { name: 'original/config.json', size: 1, why: "a second copy of the weights in OpenAI's own layout" },
    { name: 'original/model.safetensors', size: 1, why: "a second copy of the weights in OpenAI's own layout" },
  ]);
  expect(upload).toEqual(files.filter((file) => !leftOut.some(({ name }) => name === file.name)));
});

test("a trainer's and an adapter's leftovers stay, each with its reason", () => {
  const { upload, leftOut } = select(
    listing(
      'training_args.bin',
      'optimizer.pt',
      'checkpoint-10/model.safetensors',
      'adapter_model.safetensors',
      'config.json.orig',
      'trainer_state.json',
      'gpt-oss.lock.json',
      '.DS_Store',
      'runs/events',
    ),
  );
  expect(upload).toEqual([]);
  expect(leftOut.map(({ why }) => why)).toEqual([
    'only .safetensors files are weights to Bedrock',
    'only .safetensors files are weights to Bedrock',
    'another model: a checkpoint of the training',
    'an adapter: only merged weights can be imported',
    'the original of a repaired file',
    'no file of a model',
    'every upload writes its own, last of all',
    'a hidden file',
    'it lies in a folder, and a model lies in one folder',
  ]);
});

test('shards are taken by the names that the check found to be the model, and all without that', () => {
  const names = ['model.safetensors', 'model-00001-of-00001.safetensors', 'model.safetensors.index.json'];
  expect(uploaded(names)).toEqual(names);
  expect(uploaded(names, new Set(['model.safetensors']))).toEqual(['model.safetensors']);
});

test.each(['', '/', '\n', 'a\nb', '\0', '__proto__', '../config.json', 'x'.repeat(5000)])(
  'a name that no model has stays: %j',
  (name) => {
    expect(uploaded([name])).toEqual([]);
  },
);
