import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BASE, chatAnswer, chunk } from '../../chat/answers';
import { bedrockError, frameError } from '../../chat/fake-runtime';
import { chatted, HELLO, IMPORTED, messagesOf, WHOLE } from './chat-ground';
import { remove } from './ground';

describe('one prompt', () => {
  test('has its answer on stdout and the reasoning on stderr', async () => {
    const { code, stdout, stderr, calls } = await chatted([IMPORTED, 'Hi'], [HELLO]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'Hello you\n', stderr: 'A greeting. Greet back.\n' });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ operation: 'invokeStream', modelId: IMPORTED });
    expect(messagesOf(calls[0])).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  test('may come through a pipe, also of several lines', async () => {
    const { stdout, calls } = await chatted([BASE], [HELLO], { piped: 'Hi\nthere\n' });
    expect(stdout).toBe('Hello you\n');
    expect(messagesOf(calls[0])).toEqual([{ role: 'user', content: 'Hi\nthere' }]);
  });

  test('of the command line leaves a pipe alone', async () => {
    const { calls } = await chatted([BASE, 'Hi'], [HELLO], { piped: 'something else' });
    expect(messagesOf(calls[0])).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  test('is sent with what the flags say', async () => {
    const argv = [IMPORTED, 'Hi', '--system', 'Be brief', '--temperature', '0.5', '--max-tokens', '99'];
    const { calls } = await chatted(argv, [HELLO]);
    expect(calls[0]?.body).toMatchObject({ temperature: 0.5, max_tokens: 99 });
    expect(messagesOf(calls[0])).toEqual([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test.each(['- be short', '-', '-5 is the answer'])(
    'is sent with a --system that begins with a dash: %j',
    async (text) => {
      const { calls } = await chatted([IMPORTED, 'Hi', '--system', text], [HELLO]);
      expect(messagesOf(calls[0])).toContainEqual({ role: 'system', content: text });
    },
  );

  test('shows no reasoning with --no-reasoning', async () => {
    expect(await chatted([IMPORTED, 'Hi', '--no-reasoning'], [HELLO])).toMatchObject({
      stdout: 'Hello you\n',
      stderr: '',
    });
  });

  test('has the reasoning dimmed on a terminal, and its own control characters taken out', async () => {
    const frames = [chunk({ reasoning_content: 'Hm' }), chunk({ content: 'a\u001b[2Jb\tc\n' }, 'stop')];
    const { stdout, stderr } = await chatted([IMPORTED, 'Hi'], [{ frames }], { isTTY: true });
    expect(stderr).toBe('\u001b[2mHm\u001b[22m\n');
    expect(stdout).toBe('a[2Jb\tc\n\n');
  });

  test('with --json has the whole answer as one object, its reasoning apart', async () => {
    const { code, stdout, stderr } = await chatted([IMPORTED, 'Hi', '--json'], [WHOLE]);
    expect(JSON.parse(stdout)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'Hello you', reasoning_content: 'A greeting.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 98 },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each([
    ['length', '(cut at the most tokens that it may have: see --max-tokens)\n'],
    ['content_filter', '(stopped by a content filter)\n'],
  ])('says when the answer ended otherwise than by itself: %s', async (end, said) => {
    const answer = { frames: [chunk({ content: 'Hel' }, end)] };
    expect(await chatted([IMPORTED, 'Hi'], [answer])).toMatchObject({ code: 0, stdout: 'Hel\n', stderr: said });
  });
});

describe('tools', () => {
  let folder: string;
  const weather = { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
  const file = (text: string) => {
    const path = join(folder, 'tools.json');
    writeFileSync(path, text);
    return path;
  };
  const calling = {
    frames: [
      chunk({ reasoning_content: 'Look it up.' }),
      chunk({
        tool_calls: [{ index: 0, id: 'call-1', type: 'function', function: { name: 'weather', arguments: '' } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] }, 'tool_calls'),
    ],
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
  });
  afterEach(() => {
    remove(folder);
  });

  test.each([
    ['a function', weather],
    ['a tool', { type: 'function', function: weather }],
    ['a list of tools', [{ type: 'function', function: weather }]],
  ])('may be %s in a file; a call is what a prompt prints', async (_, content) => {
    const { code, stdout, calls } = await chatted(
      [IMPORTED, 'Weather?', '--tool', file(JSON.stringify(content))],
      [calling],
    );
    expect(calls[0]?.body?.['tools']).toEqual([{ type: 'function', function: weather }]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'weather({"city":"Bern"})\n' });
  });

  test("are answered from the keyboard in a conversation, and the model's reasoning goes with them", async () => {
    const argv = [IMPORTED, '--tool', file(JSON.stringify(weather))];
    const { stdout, prompts, calls } = await chatted(argv, [calling, HELLO], { typed: ['Weather?', 'sunny'] });
    expect(prompts).toEqual(['> ', 'result of weather> ', '> ']);
    expect(stdout).toContain('Hello you');
    expect(messagesOf(calls[1])).toEqual([
      { role: 'user', content: 'Weather?' },
      expect.objectContaining({
        role: 'assistant',
        tool_calls: [{ id: 'call-1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }],
      }),
      { role: 'tool', tool_call_id: 'call-1', content: 'sunny' },
    ]);
    expect(JSON.stringify(calls[1]?.body)).toContain('Look it up.');
  });

  test('fail where the file is not JSON, or not there', async () => {
    const no = await chatted([IMPORTED, 'Hi', '--tool', file('weather')], []);
    expect(no).toMatchObject({ code: 2, stderr: expect.stringContaining('is no tool in OpenAI') as string });
    expect((await chatted([IMPORTED, 'Hi', '--tool', '/nowhere/at/all'], [])).stderr).toContain('could not be read');
  });
});

describe('a model', () => {
  const imported = () => Promise.resolve(new Map([['med-oss', IMPORTED]]));
  const outputs = (stack: string) =>
    Promise.resolve(
      stack === 'App'
        ? new Map([
            ['Model', IMPORTED],
            ['ApiModelArn1A2B3C4D', BASE],
            ['Url', 'https://x'],
          ])
        : undefined,
    );

  test.each([
    ['its ARN', [IMPORTED], IMPORTED],
    ["a base model's id", [BASE], BASE],
    ["an imported model's name", ['med-oss'], IMPORTED],
    ["a stack's output", ['Model', '--stack', 'App'], IMPORTED],
    ["the id of a construct's output", ['ApiModelArn', '--stack', 'App'], BASE],
  ])('is found by %s', async (_, argv, id) => {
    const { code, calls } = await chatted(argv, [HELLO], { piped: 'Hi', models: { imported, outputs } });
    expect(code).toBe(0);
    expect(calls[0]?.modelId).toBe(id);
  });

  test.each([
    [['med-os'], "no imported model is called 'med-os'; did you mean 'med-oss'?"],
    [['llama'], "no imported model is called 'llama'; there is med-oss"],
    [['Modle', '--stack', 'App'], "stack App has no output 'Modle'; did you mean 'Model'?"],
    [['Nothing', '--stack', 'App'], 'there is Model, ApiModelArn1A2B3C4D\n'],
    [['Model', '--stack', 'Ap'], "there is no stack 'Ap'"],
  ])('fails for %j with what there is', async (argv, message) => {
    const { code, stderr } = await chatted(argv, [HELLO], { piped: 'Hi', models: { imported, outputs } });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each(['hf://acme/my.openai.model', 's3://weights/med/', 'openai/gpt-oss-20b', './my-model'])(
    'fails where weights are named, with how they become one: %s',
    async (weights) => {
      const { code, stderr } = await chatted([weights], [HELLO], { piped: 'Hi', models: { imported, outputs } });
      expect(code).toBe(2);
      expect(stderr).toContain(`'${weights}' names weights`);
      expect(stderr).toContain("deploying a GptOssImportedModel (README, 'Weights')");
    },
  );

  test.each([
    'imported-model/abcdef012345',
    'application-inference-profile/a1b2c3d4e5f6',
    'us-east-1:111122223333:imported-model/abcdef012345',
  ])('fails where an ARN is not whole: %s', async (part) => {
    const { code, stderr } = await chatted([part], [HELLO], { piped: 'Hi', models: { imported, outputs } });
    expect(code).toBe(2);
    expect(stderr).toContain(`'${part}' is part of an ARN; give all of it, from 'arn:' on\n`);
  });

  test.each([
    ['openai/gpt-oss-20b', 'openai.gpt-oss-20b-1:0'],
    ['hf://openai/gpt-oss-120b@main', 'openai.gpt-oss-120b-1:0'],
  ])('fails where weights are named that Bedrock has a model of, with both ways: %s', async (weights, id) => {
    const { stderr } = await chatted([weights], [HELLO], { piped: 'Hi', models: { imported, outputs } });
    expect(stderr).toContain(`give ${id} for Bedrock's own model, or import them by deploying`);
    const { stderr: ofAnother } = await chatted(['acme/gpt-oss-20b'], [HELLO], { piped: 'Hi', models: { imported } });
    expect(ofAnother).not.toContain("Bedrock's own");
  });

  test("fails without a base model's version, with the version", async () => {
    const { code, stderr, calls } = await chatted(['openai.gpt-oss-120b'], [HELLO], { piped: 'Hi' });
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(stderr).toContain("did you mean 'openai.gpt-oss-120b-1:0'?");
  });

  test('is called in the Region and with the profile that are given', async () => {
    const { told } = await chatted([BASE, 'Hi', '--region', 'eu-west-1', '--profile', 'p'], [HELLO]);
    expect(told).toMatchObject({ options: { model: BASE, region: 'eu-west-1' }, profile: 'p' });
  });
});

describe('a cold model', () => {
  const cold = bedrockError('ModelNotReadyException', 'not ready', 429);

  test('is waited for, which is said line by line where nobody looks', async () => {
    const { code, stdout, stderr } = await chatted([IMPORTED, 'Hi', '--no-reasoning'], [cold, cold, HELLO]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello you\n' });
    expect(stderr).toBe('model is loading (0 s)\nmodel is loading (1 s)\n');
  });

  test('is said in one line on a terminal, which goes when the answer comes', async () => {
    const { stderr } = await chatted([IMPORTED, 'Hi', '--no-reasoning'], [cold, cold, HELLO], { isTTY: true });
    const anew = '\r\u001b[K';
    expect(stderr).toBe(`${anew}model is loading (0 s)${anew}model is loading (1 s)${anew}`);
  });

  test('fails after minutes, with how long and how often it was tried', async () => {
    const { code, stderr } = await chatted([IMPORTED, 'Hi'], [cold]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: ModelNotReadyException: .*still not loaded after 480 s and \d+ attempts/);
  });
});

describe('what goes wrong', () => {
  const denied = bedrockError('AccessDeniedException', 'not yours', 403);

  test('fails with the reason and its request', async () => {
    const { code, stdout, stderr } = await chatted([IMPORTED, 'Hi'], [denied]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: AccessDeniedException: not yours; .*InvokeModelWith.* \(request req-err\)\n$/);
  });

  test('fails without credentials with how to have some', async () => {
    const none = bedrockError('CredentialsProviderError', 'none', 0);
    const { code, stderr } = await chatted([IMPORTED, 'Hi'], [none]);
    expect(code).toBe(1);
    expect(stderr).toContain('(set AWS_PROFILE or give --profile; with single sign-on, run aws sso login)\n');
  });

  test("fails with OpenAI's error object under --json", async () => {
    const { code, stdout, stderr } = await chatted([IMPORTED, 'Hi', '--json'], [denied]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { type: 'permission_error', code: 'access_denied' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  test('fails in the middle with what was said until then', async () => {
    const frames = [chunk({ content: 'Hel' }), frameError('ModelStreamErrorException', 'out of memory')];
    const { code, stdout, stderr } = await chatted([IMPORTED, 'Hi'], [{ frames }]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Hel\n' });
    expect(stderr).toContain('out of memory');
  });

  test('ends at once when it is stopped', async () => {
    const stop = new AbortController();
    const answer = chatted([IMPORTED, 'Hi'], [{ frames: [chunk({ content: 'Hel' }), 'never'] }], {
      signal: stop.signal,
    });
    setTimeout(() => {
      stop.abort();
    }, 20);
    expect(await answer).toMatchObject({ code: 1, stdout: 'Hel\n', stderr: 'stopped\n' });
  });

  test.each([
    [['--temperature', '3'], "--temperature is a number from 0 to 2, got '3'"],
    [['--temperature', 'hot'], "got 'hot'"],
    [['--max-tokens', '1.5'], "--max-tokens is a number above 0, got '1.5'"],
    [['--max-tokens', '0'], "got '0'"],
  ])('%j fails with what would be right', async (flags, message) => {
    const { code, stderr } = await chatted([IMPORTED, 'Hi', ...flags], []);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('fails without a prompt where nobody can be asked, or JSON is wanted', async () => {
    expect((await chatted([IMPORTED], [], { piped: ' \n' })).stderr).toContain('there is no prompt');
    expect((await chatted([IMPORTED, '--json'], [])).stderr).toContain('--json goes with a prompt');
  });

  test('fails where the ARN is of another Region', async () => {
    const wrong = await chatted([IMPORTED, 'Hi', '--region', 'eu-west-1'], [{ body: chatAnswer({ content: '' }) }]);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('The model is in us-east-1') as string });
  });
});
