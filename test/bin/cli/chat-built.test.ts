import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBedrockServer, type BedrockServer } from '../../../local/bedrock/server';
import { BASE } from '../../chat/answers';
import { PROGRAM, sitAt, type Sitting } from './chat-program';
import { remove } from './ground';

jest.setTimeout(90_000);

let server: BedrockServer;

beforeAll(async () => {
  server = await startBedrockServer();
});

beforeEach(() => {
  server.bedrock.reset();
  server.bedrock.switches.tokenMilliseconds = 0;
});

afterAll(async () => {
  await server.close();
});

const environment = () => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
});

describe('one prompt to the program as it is built', () => {
  const asked = (argv: readonly string[], stdin = '') =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [PROGRAM, 'chat', ...argv],
        { env: environment() },
        (error, stdout, stderr) => {
          resolve({ code: error?.code ?? 0, stdout, stderr });
        },
      );
      child.stdin?.end(stdin);
    });
  const answer = 'Hello from the Bedrock emulator: your call arrived. You wrote: “Hi”\n';

  test('has its answer on stdout and the reasoning on stderr', async () => {
    const stderr = expect.stringMatching(/^No model is loaded here.*\n$/) as string;
    expect(await asked([BASE, 'Hi'])).toEqual({ code: 0, stdout: answer, stderr });
    expect(server.bedrock.calls.map(({ operation }) => operation)).toEqual(['InvokeModelWithResponseStream']);
  });

  test('comes through a pipe, and is answered as JSON', async () => {
    expect(await asked([BASE, '--no-reasoning'], 'Hi\n')).toEqual({ code: 0, stdout: answer, stderr: '' });
    const json = await asked([BASE, '--json'], 'Hi\n');
    expect(json).toEqual({ code: 0, stdout: expect.stringContaining('"chat.completion"') as string, stderr: '' });
  });

  test('fails with the reason and its request', async () => {
    server.bedrock.faults.add({ kind: 'access-denied', operation: 'InvokeModelWithResponseStream' });
    const reason = /^error: AccessDeniedException: .* on openai\..* \(request [-0-9a-f]{36}\)\n$/;
    const stderr = expect.stringMatching(reason) as string;
    expect(await asked([BASE, 'Hi'])).toEqual({ code: 1, stdout: '', stderr });
  });
});

describe('a conversation on a terminal with the program as it is built', () => {
  const [ENTER, CTRL_C, CTRL_D] = ['\r', '\u0003', '\u0004'];
  let folder: string;
  let sitting: Sitting | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
  });

  afterEach(() => {
    sitting?.leave();
    remove(folder);
  });

  test('has tools in two rounds, the reasoning dimmed, and ends with Ctrl-D', async () => {
    const tool = join(folder, 'tool.json');
    const properties = { city: { type: 'string', minLength: 2 } };
    writeFileSync(
      tool,
      JSON.stringify({ name: 'get_weather', parameters: { type: 'object', properties, required: ['city'] } }),
    );
    const { sees, types, ended } = (sitting = await sitAt([BASE, '--tool', tool], environment()));

    for (const weather of ['Rain.', 'Snow.']) {
      await sees('> ');
      types(`Weather?${ENTER}`);
      await sees('\u001b[2mNo');
      await sees('get_weather\u001b[22m({"city":');
      await sees('result of get_weather> ');
      types(`${weather}${ENTER}`);
      await sees(`The tool answered: “${weather}”`);
    }
    await sees('> ');
    types(CTRL_D);

    expect(await ended()).toBe(0);
    const roles = server.bedrock.calls.map(({ input }) => rolesIn(input).join(' '));
    const round = ['user', 'user assistant tool'];
    expect(roles).toEqual([...round, ...round.map((more) => `user assistant tool assistant ${more}`)]);
  });

  test('stops an answer at Ctrl-C, goes on, and ends at the second one', async () => {
    server.bedrock.switches.tokenMilliseconds = 150;
    const { sees, types, ended, shown } = (sitting = await sitAt([BASE, '--no-reasoning'], environment()));

    await sees('> ');
    types(`Hi${ENTER}`);
    await sees('Hello from');
    types(CTRL_C);
    await sees('> ');
    server.bedrock.switches.tokenMilliseconds = 0;
    types(`Again${ENTER}`);
    await sees('You wrote: “Again”');
    await sees('> ');
    types(CTRL_C);
    await sees('(Ctrl-C again, or Ctrl-D, ends)');
    types(CTRL_C);

    expect(await ended()).toBe(0);
    expect(shown()).not.toContain('“Hi”');
    expect(shown()).not.toContain('error');
  });
});

function rolesIn(input: unknown): string[] {
  const body: unknown = typeof input === 'object' && input !== null && 'body' in input ? input.body : undefined;
  const { messages } = JSON.parse(Buffer.from(body as Uint8Array).toString()) as { messages: { role: string }[] };
  return messages.map(({ role }) => role);
}
