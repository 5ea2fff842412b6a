import { once } from 'node:events';
import { join } from 'node:path';
import { printed, startProgram } from '../local/processes';

jest.setTimeout(240_000);

test('npm run demo imports a model, asks it, and leaves nothing', async () => {
  const demo = startProgram(join('bin', 'demo.ts'));
  const story = printed(demo, /log groups .*\n.*\n$/);
  expect(await once(demo, 'exit')).toEqual([0, null]);
  const text = await story;
  expect(text).toMatch(/the stack waits for weights in s3:\/\//);
  expect(text).toMatch(/arn:aws:bedrock:us-east-1:000000000000:imported-model\/[a-z0-9]{12}/);
  expect(text).toMatch(/answer: +\S/);
  expectNothingLeft(text);
});

test('npm run demo -- --hugging-face copies the weights from a Hub, and leaves nothing', async () => {
  const demo = startProgram(join('bin', 'demo.ts'), ['--hugging-face']);
  const story = printed(demo, /log groups .*\n.*\n$/);
  expect(await once(demo, 'exit')).toEqual([0, null]);
  const text = await story;
  expect(text).toMatch(/the copy is there, file by file as the Hub has it/);
  expect(text).toMatch(/answer: +\S/);
  expectNothingLeft(text);
});

test('npm run demo -- --broken says what is wrong with the weights, and leaves nothing', async () => {
  const demo = startProgram(join('bin', 'demo.ts'), ['--broken']);
  const story = printed(demo, /log groups .*\n.*\n$/);
  expect(await once(demo, 'exit')).toEqual([0, null]);
  const text = await story;
  expect(text).toMatch(
    /is not a model that Bedrock imports: model\.safetensors\.index\.json: .*total_parameters.*bedrock-gpt-oss repair/,
  );
  expectNothingLeft(text);
});

function expectNothingLeft(story: string): void {
  const table = [...story.matchAll(/│ ([a-z ]+?) +│ (\d+) +│/g)].map(([, kind, left]) => [kind, left]);
  expect(table).toEqual(
    ['models', 'running jobs', 'buckets', 'functions', 'roles', 'log groups'].map((kind) => [kind, '0']),
  );
}
