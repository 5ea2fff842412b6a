import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { BASE, chatAnswer, chunk, IMPORTED, METRICS } from './answers';
import type { Reply } from './fake-runtime';
import { overRuntime } from './openai-client';

const question = { role: 'user' as const, content: 'Weather in Oslo?' };
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};
const called = {
  id: 'chatcmpl-tool-1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
};

describe.each<[string, { model: string; api?: 'converse' }, Reply, Reply]>([
  [
    'an imported model',
    { model: IMPORTED },
    { body: chatAnswer({ reasoning_content: 'I must look.', tool_calls: [called] }, 'tool_calls') },
    { body: chatAnswer({ content: 'Cold.' }) },
  ],
  [
    'a base model by InvokeModel',
    { model: BASE },
    { body: chatAnswer({ content: '<reasoning>I must look.</reasoning>', tool_calls: [called] }, 'tool_calls') },
    { body: chatAnswer({ content: '<reasoning>Easy.</reasoning>Cold.' }) },
  ],
  [
    'a base model by Converse',
    { model: BASE, api: 'converse' },
    {
      converse: {
        text: '',
        reasoning: 'I must look.',
        toolCalls: [{ id: 'chatcmpl-tool-1', name: 'get_weather', input: { city: 'Oslo' } }],
        stopReason: 'tool_use',
      },
    },
    { converse: { text: 'Cold.', reasoning: '', toolCalls: [], stopReason: 'end_turn' } },
  ],
])('tools with %s', (_, options, first, second) => {
  test('are called, answered, and the answer used', async () => {
    const { openai, calls } = overRuntime(options, first, second);
    const messages: OpenAI.ChatCompletionMessageParam[] = [question];
    const request = { model: 'gpt-oss', messages, tools: [weather] };

    const asked = await openai.chat.completions.create(request);
    const [choice] = asked.choices;
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, reasoning_content: 'I must look.', tool_calls: [called] },
    });
    if (choice) messages.push(choice.message);
    messages.push({ role: 'tool', tool_call_id: 'chatcmpl-tool-1', content: '-3 °C' });
    const answer = await openai.chat.completions.create(request);

    expect(answer.choices[0]?.message.content).toBe('Cold.');
    expect(JSON.stringify(calls[1]?.body ?? calls[1]?.request)).toContain('-3 °C');
  });

  test('are run by the client’s own runner', async () => {
    const { openai, calls } = overRuntime(options, first, second);
    const asked: unknown[] = [];
    const runner = openai.chat.completions.runTools({
      model: 'gpt-oss',
      messages: [question],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Weather of a city',
            parameters: weather.function.parameters,
            parse: JSON.parse,
            function: (city: object) => {
              asked.push(city);
              return '-3 °C';
            },
          },
        },
      ],
    });

    expect(await runner.finalContent()).toBe('Cold.');
    expect(asked).toEqual([{ city: 'Oslo' }]);
    expect(calls).toHaveLength(2);
  });
});

describe('streamed tool calls', () => {
  const piece = (index: number, text: string, name?: string) => ({
    index,
    ...(name !== undefined && { id: `call-${index}`, type: 'function' }),
    function: { ...(name !== undefined && { name }), arguments: text },
  });

  test('are put together by the client’s stream helper', async () => {
    const { openai } = overRuntime(
      {},
      {
        frames: [
          chunk({ role: 'assistant', content: '' }),
          chunk({ reasoning_content: 'Two cities.' }),
          chunk({ tool_calls: [piece(0, '', 'get_weather')] }),
          chunk({ tool_calls: [piece(0, '{"city":')] }),
          chunk({ tool_calls: [piece(0, '"Oslo"}')] }),
          chunk({ tool_calls: [piece(1, '{"city":"Rome"}', 'get_weather')] }),
          // vLLM's reason when the caller has named the tool
          chunk({}, 'stop'),
          METRICS,
        ],
      },
    );

    const stream = openai.chat.completions.stream({ model: 'gpt-oss', messages: [question], tools: [weather] });
    const done: string[] = [];
    stream.on('tool_calls.function.arguments.done', ({ arguments: text }) => done.push(text));
    const { choices } = await stream.finalChatCompletion();

    expect(done).toEqual(['{"city":"Oslo"}', '{"city":"Rome"}']);
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    expect(choices[0]?.message.tool_calls?.map(({ id }) => id)).toEqual(['call-0', 'call-1']);
  });

  test('are run by the client’s own runner', async () => {
    const { openai } = overRuntime(
      {},
      { frames: [chunk({ tool_calls: [piece(0, '{"city":"Oslo"}', 'get_weather')] }, 'tool_calls'), METRICS] },
      { frames: [chunk({ content: 'Cold.' }, 'stop'), METRICS] },
    );

    const runner = openai.chat.completions.runTools({
      model: 'gpt-oss',
      stream: true,
      messages: [question],
      tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: () => '-3 °C' } }],
    });

    expect(await runner.finalContent()).toBe('Cold.');
  });

  test('that leak in the Harmony format become calls', async () => {
    const leak =
      '<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather';
    const { openai } = overRuntime(
      {},
      { body: chatAnswer({ content: `${leak} <|constrain|>json<|message|>{"city":"Oslo"}<|call|>` }, 'stop') },
    );

    const { choices } = await openai.chat.completions.create({ model: 'gpt-oss', messages: [question] });

    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        reasoning_content: 'Hm',
        tool_calls: [{ type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }],
      },
    });
    expect(choices[0]?.message.tool_calls?.[0]?.id).toMatch(/^call_\w{24}$/);
  });

  test('come from the events of ConverseStream', async () => {
    const { openai } = overRuntime(
      { model: BASE, api: 'converse' },
      {
        events: [
          { reasoning: 'Hm' },
          { toolStart: { block: 1, id: 'tooluse_1', name: 'get_weather' } },
          { toolInput: { block: 1, text: '{"city":' } },
          { toolInput: { block: 1, text: '"Oslo"}' } },
          { stopReason: 'tool_use' },
          { isLast: true, usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 } },
        ],
      },
    );

    const { choices, usage } = await openai.chat.completions
      .stream({ model: 'gpt-oss', messages: [question], tools: [weather], stream_options: { include_usage: true } })
      .finalChatCompletion();

    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ id: 'tooluse_1', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }] },
    });
    expect(usage).toEqual({ prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 });
  });
});

describe('structured output', () => {
  const Weather = z.object({ city: z.string(), degrees: z.number() });

  test.each<[string, string]>([
    [IMPORTED, '{"city":"Oslo","degrees":-3}'],
    [BASE, '<reasoning>A schema.</reasoning>{"city":"Oslo","degrees":-3}'],
  ])('of %s is parsed by the client', async (model, content) => {
    const { openai, calls } = overRuntime({ model }, { body: chatAnswer({ content }) });

    const answer = await openai.chat.completions.parse({
      model: 'gpt-oss',
      messages: [question],
      response_format: zodResponseFormat(Weather, 'weather'),
    });

    expect(answer.choices[0]?.message.parsed).toEqual({ city: 'Oslo', degrees: -3 });
    expect(calls[0]?.body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'weather', strict: true } },
    });
  });

  test('is parsed out of a stream', async () => {
    const { openai } = overRuntime(
      {},
      { frames: [chunk({ content: '{"city":"Os' }), chunk({ content: 'lo","degrees":-3}' }, 'stop'), METRICS] },
    );

    const stream = openai.chat.completions.stream({
      model: 'gpt-oss',
      messages: [question],
      response_format: zodResponseFormat(Weather, 'weather'),
    });

    expect((await stream.finalChatCompletion()).choices[0]?.message.parsed).toEqual({ city: 'Oslo', degrees: -3 });
  });

  test('goes back into the conversation as the client gave it', async () => {
    const { openai, calls } = overRuntime({}, { body: chatAnswer({ content: '{"city":"Oslo","degrees":-3}' }) });
    const request = { model: 'gpt-oss', response_format: zodResponseFormat(Weather, 'weather') };

    const { choices } = await openai.chat.completions.parse({ ...request, messages: [question] });
    const messages = [question, ...choices.map(({ message }) => message), question];
    await openai.chat.completions.parse({ ...request, messages });

    expect(calls[1]?.body).toMatchObject({
      messages: [question, { role: 'assistant', content: '{"city":"Oslo","degrees":-3}' }, question],
    });
  });
});
