import { commands, variables, type Explored } from '../../bin/demo/explore';

const WITHOUT_BUCKET: Explored = {
  environment: { AWS_REGION: 'us-east-1' },
  folder: '/run/weights-1',
  stack: 'GptOssDemo',
  broken: false,
};
const EXPLORED = { ...WITHOUT_BUCKET, bucket: 'weights' };
const HUB = { url: 'http://127.0.0.1:8080', address: `hf://demo/gpt-oss-small@${'a1'.repeat(20)}` };

test('what the demo leaves running is named for every program', () => {
  expect(variables(EXPLORED)).toMatch(/export AWS_REGION=us-east-1$/);
  expect(variables({ ...EXPLORED, hub: HUB })).toMatch(/\nexport HF_ENDPOINT=http:\/\/127\.0\.0\.1:8080$/);
});

test('commands to begin with name the folder, the bucket and the model', () => {
  expect(commands(EXPLORED)).toEqual([
    'npx bedrock-gpt-oss check /run/weights-1',
    expect.stringMatching(/^npx bedrock-gpt-oss upload \/run\/weights-1 s3:\/\/weights\/again\/ --lock \S+$/),
    "npx bedrock-gpt-oss chat ModelArn 'What are you?' --stack GptOssDemo",
  ]);
});

test('with a Hub they begin there, at the whole commit', () => {
  const [check, download] = commands({ ...EXPLORED, hub: HUB });
  expect(check).toBe(`npx bedrock-gpt-oss check ${HUB.address}`);
  expect(download).toMatch(/^npx bedrock-gpt-oss download hf:\/\/demo\/gpt-oss-small@(?:a1){20} \S+$/);
});

test('broken weights are repaired, and no model is asked', () => {
  expect(commands({ ...WITHOUT_BUCKET, broken: true })).toEqual([
    'npx bedrock-gpt-oss check /run/weights-1',
    'npx bedrock-gpt-oss repair /run/weights-1 --dry-run',
  ]);
  expect(commands({ ...EXPLORED, broken: true }).at(-1)).toMatch(/ upload .* --repair$/);
});
