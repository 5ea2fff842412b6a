import { join } from 'node:path';
import { requireEndpoints } from '../../../bin/cli/aws-endpoints';
import type { Out } from '../../../bin/cli/out';
import { outside } from '../../../bin/cli/outside';
import { ran } from './ground';

const MODEL = join(__dirname, '..', '..', 'weights', 'written', 'folders', 'sharded-5.23');

const nothing = () => {
  throw new Error('nobody is at the keyboard');
};

describe('a server in the place of AWS', () => {
  const run = (env: Out['env'], ...argv: string[]) => {
    const keyboard = () => Promise.resolve({ isTTY: true, text: nothing, open: nothing });
    return ran(argv, { env, outside: { ...outside(env), keyboard } });
  };

  test.each([
    ['localhost:4566', 'AWS_ENDPOINT_URL, "localhost:4566", cannot be used: it must begin with http:// or https://\n'],
    ['localhost', 'AWS_ENDPOINT_URL, localhost, cannot be used: it must begin with http:// or https://\n'],
    ['http://:80', 'AWS_ENDPOINT_URL, "http://:80", cannot be used: it is no address\n'],
    ['me:secret@localhost:4566', 'AWS_ENDPOINT_URL, "***@localhost:4566", cannot be used'],
  ])('fails to be called where the environment has it as %s', async (url, words) => {
    for (const argv of [
      ['check', 's3://weights/v1/'],
      ['download', 's3://weights/v1/', '/nowhere/at/all'],
      ['upload', MODEL, '--repair', '--stack', 'App'],
      ['preflight'],
      ['chat', 'my-model', 'Hi'],
      ['chat', 'openai.gpt-oss-20b-1:0', 'Hi'],
    ]) {
      const { code, stdout, stderr } = await run({ AWS_ENDPOINT_URL: url }, ...argv);
      expect({ argv, code, stdout }).toEqual({ argv, code: 2, stdout: '' });
      expect(stderr).toContain(`error: ${words}`);
    }
  });

  test('is named by the variable of the service before that of all', async () => {
    const env = { AWS_ENDPOINT_URL_S3: 'localhost:9000', AWS_ENDPOINT_URL: 'http://localhost:4566' };
    expect((await run(env, 'check', 's3://weights/v1/')).stderr).toContain('AWS_ENDPOINT_URL_S3, "localhost:9000",');
  });

  test.each([
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'localhost:8000' }],
    [{ AWS_ENDPOINT_URL_S3: '' }],
    [{ AWS_ENDPOINT_URL: 'localhost:4566', AWS_ENDPOINT_URL_S3: 'http://localhost:9000' }],
    [{ AWS_ENDPOINT_URL: 'localhost:4566', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
  ])('is no matter where another is called: %j', (env) => {
    expect(() => {
      requireEndpoints(env, ['S3']);
    }).not.toThrow();
  });
});
