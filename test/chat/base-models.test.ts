import OpenAI from 'openai';
import { bedrockFetch } from '../../chat';
import { BASE, chatAnswer, chunk, METRICS } from './answers';
import { eventFrame } from './event-stream';
import { overRuntime, overWire } from './openai-client';

const messages = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: 'Hello' },
];
const request = { model: BASE, messages, max_tokens: 50, temperature: 0.5, top_p: 0.9, stop: 'END', seed: 7 };
function functionCall(text: string) {
  return { type: 'function' as const, function: { name: 'f', arguments: text } };
}

const thinking = '<reasoning>A greeting.</reasoning>Hello you';

describe('a base model by InvokeModel', () => {
  test('takes OpenAI’s body, without model and stream, and gives its reasoning apart', async () => {
    const { openai, calls } = overRuntime({ model: BASE }, { body: chatAnswer({ content: thinking }) });

    const { choices } = await openai.chat.completions.create(request);

    expect(choices[0]?.message).toMatchObject({ content: 'Hello you', reasoning_content: 'A greeting.' });
    expect(calls[0]).toMatchObject({
      operation: 'invoke',
      modelId: BASE,
      body: { messages, max_completion_tokens: 50, temperature: 0.5, top_p: 0.9, stop: 'END', seed: 7 },
    });
    expect(Object.keys(calls[0]?.body ?? {})).not.toEqual(expect.arrayContaining(['model']));
    expect(calls[0]?.body).not.toHaveProperty('max_tokens');
  });

  test('streams with the tags cut in two, and counts from Bedrock’s metrics', async () => {
    const frames = ['<reas', 'oning>A gree', 'ting.</rea', 'soning>Hel', 'lo you'].map((content) => chunk({ content }));
    const { openai, calls } = overRuntime({ model: BASE }, { frames: [...frames, chunk({}, 'stop'), METRICS] });

    const stream = await openai.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const deltas: object[] = [];
    let usage: unknown;
    for await (const part of stream) {
      deltas.push(...part.choices.map(({ delta }) => delta));
      usage = part.usage;
    }

    expect(deltas).toEqual([
      { role: 'assistant' },
      { reasoning_content: 'A gree' },
      { reasoning_content: 'ting.' },
      { content: 'Hel' },
      { content: 'lo you' },
      {},
    ]);
    expect(usage).toEqual({ prompt_tokens: 98, completion_tokens: 7, total_tokens: 105 });
    expect(calls[0]?.body).not.toHaveProperty('stream');
    expect(calls[0]?.body).not.toHaveProperty('stream_options');
  });
});

describe('a base model by Converse', () => {
  const options = { model: BASE, api: 'converse' as const };
  const reply = { text: 'Hello you', reasoning: 'A greeting.', toolCalls: [], stopReason: 'end_turn' };

  test('is asked by the documented mapping', async () => {
    const { openai, calls } = overRuntime(options, { converse: reply });

    await openai.chat.completions.create({
      ...request,
      reasoning_effort: 'low',
      messages: [
        { role: 'developer', content: 'Use tools.' },
        ...messages,
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
            { id: 'b', type: 'function', function: { name: 'f', arguments: '' } },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'two' }] },
        { role: 'user', content: 'And?' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'F', strict: true } }],
      tool_choice: 'required',
    });

    expect(calls[0]?.request).toEqual({
      system: [{ text: 'Use tools.' }, { text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ text: 'Hello' }] },
        {
          role: 'assistant',
          content: [
            { toolUse: { toolUseId: 'a', name: 'f', input: { x: 1 } } },
            { toolUse: { toolUseId: 'b', name: 'f', input: {} } },
          ],
        },
        {
          role: 'user',
          content: [
            { toolResult: { toolUseId: 'a', content: [{ text: 'one' }] } },
            { toolResult: { toolUseId: 'b', content: [{ text: 'two' }] } },
            { text: 'And?' },
          ],
        },
      ],
      inferenceConfig: { maxTokens: 50, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: 'f',
              description: 'F',
              inputSchema: { json: { type: 'object', properties: {} } },
              strict: true,
            },
          },
        ],
        toolChoice: { any: {} },
      },
      additionalModelRequestFields: { seed: 7, reasoning_effort: 'low' },
    });
  });

  test.each([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['parallel_tool_calls', { parallel_tool_calls: false }],
  ])('fails on %s, which Converse has not', async (param, fields) => {
    const { openai } = overRuntime(options, { converse: reply });

    await expect(openai.chat.completions.create({ ...request, ...fields, stream: false })).rejects.toMatchObject({
      status: 400,
      param,
    });
  });

  const tools = [{ type: 'function' as const, function: { name: 'f', parameters: { type: 'object' } } }];

  test.each<[OpenAI.ChatCompletionToolChoiceOption, object | undefined]>([
    ['auto', { auto: {} }],
    ['required', { any: {} }],
    [{ type: 'function', function: { name: 'f' } }, { tool: { name: 'f' } }],
  ])('is told which tool to choose: %j', async (tool_choice, toolChoice) => {
    const { openai, calls } = overRuntime(options, { converse: reply });

    await openai.chat.completions.create({ ...request, tools, tool_choice });

    expect(calls[0]?.request?.toolConfig?.toolChoice).toEqual(toolChoice);
  });

  test('is told of no tools when it may choose none, unless one was called before', async () => {
    const { openai, calls } = overRuntime(options, { converse: reply });
    const called = { role: 'assistant' as const, tool_calls: [{ id: 'a', ...functionCall('{}') }] };
    const answer = { role: 'tool' as const, tool_call_id: 'a', content: 'x' };

    await openai.chat.completions.create({ ...request, tools, tool_choice: 'none' });
    const after = { ...request, tools, tool_choice: 'none' as const, messages: [...messages, called, answer] };

    expect(calls[0]?.request).not.toHaveProperty('toolConfig');
    await expect(openai.chat.completions.create(after)).rejects.toMatchObject({ status: 400, param: 'tool_choice' });
  });

  test('fails on arguments that are no object, which it cannot be told', async () => {
    const { openai } = overRuntime(options, { converse: reply });
    const called = { role: 'assistant' as const, tool_calls: [{ id: 'a', ...functionCall('{"x":') }] };

    await expect(openai.chat.completions.create({ ...request, messages: [...messages, called] })).rejects.toMatchObject(
      {
        status: 400,
        param: 'messages',
      },
    );
  });

  test('is told what it thought before', async () => {
    const { openai, calls } = overRuntime(options, { converse: reply });
    const before = { role: 'assistant' as const, content: 'Hi', reasoning_content: 'A greeting.' };

    await openai.chat.completions.create({ ...request, messages: [...messages, before] });

    expect(calls[0]?.request?.messages.at(-1)).toEqual({
      role: 'assistant',
      content: [{ reasoningContent: { reasoningText: { text: 'A greeting.' } } }, { text: 'Hi' }],
    });
  });

  test('is read from the bytes of Converse’s answer', async () => {
    const { openai, sent } = overWire(
      { ...options, guardrail: { id: 'gr-1', version: 'DRAFT', trace: 'enabled_full' }, serviceTier: 'priority' },
      {
        body: {
          output: {
            message: {
              role: 'assistant',
              content: [{ reasoningContent: { reasoningText: { text: 'A greeting.' } } }, { text: 'Hello you' }],
            },
          },
          stopReason: 'guardrail_intervened',
          usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 },
          metrics: { latencyMs: 100 },
          trace: { guardrail: { actionReason: 'blocked' } },
        },
      },
    );

    const answer = await openai.chat.completions.create(request);

    expect(answer).toMatchObject({
      choices: [
        {
          finish_reason: 'content_filter',
          message: { content: 'Hello you', reasoning_content: 'A greeting.' },
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
      'amazon-bedrock-trace': { guardrail: { actionReason: 'blocked' } },
      model: BASE,
    });
    expect(sent[0]).toMatchObject({
      path: `/model/${encodeURIComponent(BASE)}/converse`,
      body: {
        guardrailConfig: { guardrailIdentifier: 'gr-1', guardrailVersion: 'DRAFT', trace: 'enabled_full' },
        serviceTier: { type: 'priority' },
      },
    });
  });

  test('is streamed from the bytes of its events', async () => {
    const delta = (contentBlockIndex: number, given: object) =>
      eventFrame('contentBlockDelta', { contentBlockIndex, delta: given, p: 'abc' });
    const { openai } = overWire(options, {
      stream: [
        eventFrame('messageStart', { role: 'assistant' }),
        delta(0, { reasoningContent: { text: 'A greeting.' } }),
        eventFrame('contentBlockStop', { contentBlockIndex: 0 }),
        delta(1, { text: 'Hello ' }),
        delta(1, { text: 'you' }),
        eventFrame('contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 't', name: 'f' } } }),
        delta(2, { toolUse: { input: '{"x":1}' } }),
        eventFrame('messageStop', { stopReason: 'tool_use' }),
        eventFrame('metadata', {
          usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 },
          metrics: { latencyMs: 1 },
        }),
      ],
    });

    const answer = await openai.chat.completions
      .stream({ ...request, stream_options: { include_usage: true } })
      .finalChatCompletion();

    expect(answer).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: { content: 'Hello you', tool_calls: [{ id: 't', function: { name: 'f', arguments: '{"x":1}' } }] },
        },
      ],
      usage: { total_tokens: 13 },
    });
  });
});

describe('a base model by Bedrock’s OpenAI endpoint', () => {
  function endpoint(answer: () => Response | Promise<Response>) {
    const sent: { url: string; headers: Headers; body: unknown }[] = [];
    const options = {
      model: BASE,
      api: 'chat-completions' as const,
      region: 'us-west-2',
      fetch: ((url, init) => {
        sent.push({
          url: url instanceof Request ? url.url : String(url),
          headers: new Headers(init?.headers),
          body: JSON.parse(new TextDecoder().decode(init?.body instanceof Uint8Array ? init.body : undefined)),
        });
        return Promise.resolve(answer());
      }) satisfies typeof fetch,
    };
    return { options, sent };
  }

  test('is called with the client’s key, at the endpoint of the Region', async () => {
    const { options, sent } = endpoint(() =>
      Response.json(chatAnswer({ content: thinking }), { headers: { 'x-amzn-requestid': 'req-e' } }),
    );
    const { openai } = overRuntime(options);

    const { data, request_id } = await openai.chat.completions.create(request).withResponse();

    expect(data.choices[0]?.message).toMatchObject({ content: 'Hello you', reasoning_content: 'A greeting.' });
    expect(request_id).toBe('req-e');
    expect(sent[0]?.url).toBe('https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1/chat/completions');
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer unused');
    expect(sent[0]?.body).toMatchObject({ model: BASE, max_completion_tokens: 50 });
  });

  test('streams its server-sent events', async () => {
    const events = [chunk({ content: '<reasoning>Hm</reasoning>' }), chunk({ content: 'Hello' }, 'stop')];
    const text = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
    const { options, sent } = endpoint(() => new Response(text));
    const { openai } = overRuntime({ ...options, apiKey: 'bedrock-key' });

    const answer = await openai.chat.completions.stream(request).finalChatCompletion();

    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer bedrock-key');
    expect(sent[0]?.body).toMatchObject({ stream: true });
  });

  test('fails with its own error, and tries a 429 again', async () => {
    const error = { message: 'slow down', type: 'rate_limit', code: 'rate_limit_exceeded', param: null };
    const slow = endpoint(() => Response.json({ error }, { status: 429 }));
    const denied = endpoint(() => Response.json({ error: { ...error, message: 'no', code: 'x' } }, { status: 403 }));

    const throttled = overRuntime({ ...slow.options, maxRetries: 2 }).openai.chat.completions.create(request);
    await expect(throttled).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(slow.sent).toHaveLength(3);
    const refused = overRuntime(denied.options).openai.chat.completions.create(request);
    await expect(refused).rejects.toMatchObject({ status: 403, code: 'x', type: 'rate_limit' });
  });

  test.each<[string, new (...given: never[]) => Error, string]>([
    ['ExpiredTokenException', OpenAI.AuthenticationError, 'ExpiredTokenException: no'],
    ['AccessDeniedException:http://internal/', OpenAI.PermissionDeniedError, `bedrock:InvokeModel on ${BASE}`],
    ['ServiceQuotaExceededException', OpenAI.RateLimitError, 'no'],
  ])('fails by Bedrock’s name for it where there is one: %s', async (name, Class, message) => {
    const headers = { 'x-amzn-errortype': name, 'x-amzn-requestid': 'req-e' };
    const { options, sent } = endpoint(() => Response.json({ message: 'no' }, { status: 403, headers }));

    const failed = overRuntime(options).openai.chat.completions.create(request);

    await expect(failed).rejects.toBeInstanceOf(Class);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ requestID: 'req-e' });
    expect(sent).toHaveLength(1);
  });

  test('is where the environment says, as for AWS’s SDK, unless the options say it', async () => {
    const { options, sent } = endpoint(() => Response.json(chatAnswer({ content: 'Hello' })));
    const ask = (more: object) =>
      new OpenAI({
        apiKey: 'key',
        fetch: bedrockFetch({ ...options, region: undefined, ...more }),
      }).chat.completions.create(request);
    const given = { ...process.env };
    try {
      Object.assign(process.env, { AWS_REGION: 'eu-west-1' });
      await ask({});
      Object.assign(process.env, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
      await ask({});
      Object.assign(process.env, { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:2/' });
      await ask({});
      await ask({ endpoint: 'http://127.0.0.1:3/v1' });
    } finally {
      process.env = given;
    }

    expect(sent.map(({ url }) => url.replace('/chat/completions', ''))).toEqual([
      'https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1',
      'http://127.0.0.1:1/openai/v1',
      'http://127.0.0.1:2/openai/v1',
      'http://127.0.0.1:3/v1',
    ]);
  });

  test('takes guardrail and service tier as headers, and an endpoint of one’s own', async () => {
    const { options, sent } = endpoint(() => Response.json(chatAnswer({ content: 'Hello' })));
    const guardrail = { id: 'gr-1', version: '2', trace: 'enabled' as const };
    const { openai } = overRuntime({ ...options, guardrail, serviceTier: 'flex', endpoint: 'http://127.0.0.1:9/v1/' });

    await openai.chat.completions.create(request);

    expect(sent[0]?.url).toBe('http://127.0.0.1:9/v1/chat/completions');
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({
      'x-amzn-bedrock-guardrailidentifier': 'gr-1',
      'x-amzn-bedrock-guardrailversion': '2',
      'x-amzn-bedrock-trace': 'ENABLED',
      'x-amzn-bedrock-service-tier': 'flex',
    });
  });

  test('fails to connect where nobody answers', async () => {
    const { options } = endpoint(() => Promise.reject(new TypeError('fetch failed')));

    const failed = overRuntime(options).openai.chat.completions.create(request);

    await expect(failed).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  });

  test('fails without a key', async () => {
    const { options } = endpoint(() => new Response());
    const body = JSON.stringify(request);

    const response = await overRuntime(options).fetch('https://x/v1/chat/completions', { method: 'POST', body });

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
  });

  test('fails without a Region', async () => {
    const { options } = endpoint(() => new Response());
    const { openai } = overRuntime({ ...options, region: undefined });

    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ code: 'region_missing' });
  });
});
