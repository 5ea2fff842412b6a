import { chatAnswer, chunk, METRICS } from '../answers';
import { bytes, type Reply } from '../fake-runtime';
import { overRuntime } from '../openai-client';

const messages = [{ role: 'user' as const, content: 'Hello' }];

async function streamed(frames: Extract<Reply, { frames: unknown }>['frames']) {
  const { openai } = overRuntime({}, { frames });
  const stream = await openai.chat.completions.create({
    model: 'gpt-oss',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let content = '';
  let reasoning = '';
  const finish: string[] = [];
  let usage: unknown;
  for await (const part of stream) {
    for (const { delta, finish_reason } of part.choices) {
      content += delta.content ?? '';
      if ('reasoning_content' in delta) reasoning += String(delta.reasoning_content);
      if (finish_reason) finish.push(finish_reason);
    }
    usage = part.usage ?? usage;
  }
  return { content, reasoning, finish, usage };
}

async function firstOf<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const item of stream) return item;
  throw new Error('the stream is empty');
}

const COUNTS = { prompt_tokens: 98, completion_tokens: 7, total_tokens: 105 };
const openAi = (delta: object, finish: string | null = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const text = (said: string, finish: string | null = null) => ({
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1,
  choices: [{ index: 0, text: said, finish_reason: finish }],
});

describe('the shapes that frames may have', () => {
  test.each<[string, Extract<Reply, { frames: unknown }>['frames'], object]>([
    [
      'OpenAI’s chunks, counts in a frame of their own',
      [
        openAi({ role: 'assistant' }),
        openAi({ content: 'Hi' }),
        openAi({}, 'stop'),
        { ...openAi({}), choices: [], usage: COUNTS },
      ],
      { content: 'Hi', reasoning: '', usage: COUNTS },
    ],
    [
      'vLLM’s chunks, with nulls, and reasoning under its old name',
      [
        chunk({ role: 'assistant', content: null, reasoning_content: 'Hm' }),
        chunk({ content: 'Hi' }, 'stop', { usage: COUNTS }),
      ],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
    [
      'vLLM’s chunks, with reasoning under its new name, and Bedrock’s metrics in the last one',
      [chunk({ reasoning: 'Hm' }), chunk({ content: 'Hi' }), chunk({}, 'stop', METRICS)],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
    [
      'text completions',
      [text('<reasoning>Hm</rea'), text('soning>H'), text('i', 'stop'), METRICS],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
    [
      'one final object',
      [chatAnswer({ content: 'Hi', reasoning_content: 'Hm' })],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
    [
      'a final object after the chunks, which says it all again',
      [chunk({ content: 'Hi', reasoning_content: 'Hm' }), chatAnswer({ content: 'Hi', reasoning_content: 'Hm' })],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
    [
      'a final object after a beginning that says nothing',
      [chunk({ role: 'assistant', content: '' }), chatAnswer({ content: 'Hi', reasoning_content: 'Hm' })],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
    [
      'Bedrock’s own completion',
      [
        { generation: 'H', stop_reason: null },
        { generation: 'i', prompt_token_count: 98, generation_token_count: 7, stop_reason: 'stop' },
      ],
      { content: 'Hi', reasoning: '', usage: COUNTS },
    ],
    [
      'no reason for the end, but the metrics that come with it',
      [chunk({ content: 'Hi' }), METRICS],
      { content: 'Hi', reasoning: '', usage: COUNTS },
    ],
    [
      'server-sent events, cut in the middle of a character',
      (() => {
        const whole = bytes(
          `data: ${JSON.stringify(openAi({ content: '😀' }))}\n\ndata: ${JSON.stringify(openAi({}, 'stop'))}\n\ndata: [DONE]\n\n`,
        );
        const cut = whole.indexOf(0xf0) + 2;
        return [whole.subarray(0, cut), whole.subarray(cut), METRICS];
      })(),
      { content: '😀', reasoning: '', usage: COUNTS },
    ],
    [
      'frames that say nothing that we know',
      [{ type: 'ping' }, chunk({ content: 'Hi' }, 'stop'), METRICS],
      { content: 'Hi', reasoning: '', usage: COUNTS },
    ],
    [
      'Harmony’s markers, cut in two',
      [
        chunk({ content: '<|chan' }),
        chunk({ content: 'nel|>analysis<|message|>Hm<|en' }),
        chunk({ content: 'd|><|start|>assistant<|channel|>final<|message|>Hi' }, 'stop'),
        METRICS,
      ],
      { content: 'Hi', reasoning: 'Hm', usage: COUNTS },
    ],
  ])('%s', async (_, frames, expected) => {
    expect(await streamed(frames)).toEqual({ ...expected, finish: ['stop'] });
  });

  test('keeps two choices apart', async () => {
    const both = (a: string, b: string, finish: string | null) => ({
      choices: [
        { index: 0, delta: { content: a }, finish_reason: finish },
        { index: 1, delta: { content: b }, finish_reason: finish },
      ],
    });
    const { openai } = overRuntime(
      {},
      { frames: [both('<reasoning>x</reaso', 'b', null), both('ning>a', 'c', 'stop'), METRICS] },
    );

    const answer = await openai.chat.completions.stream({ model: 'gpt-oss', n: 2, messages }).finalChatCompletion();

    expect(answer.choices.map(({ message }) => message.content)).toEqual(['a', 'bc']);
  });

  test('says that a guardrail has stepped in', async () => {
    const stopped = chunk({ content: 'Sorry' }, 'stop', { 'amazon-bedrock-guardrailAction': 'INTERVENED' });
    const { openai } = overRuntime({}, { frames: [stopped, METRICS] });

    const stream = await openai.chat.completions.create({ model: 'gpt-oss', messages, stream: true });
    const finish = [];
    for await (const { choices } of stream) finish.push(choices[0]?.finish_reason);

    expect(finish).toContain('content_filter');
  });

  test('says so if a guardrail steps in before a word is said', async () => {
    const { openai } = overRuntime({}, { frames: [{ ...METRICS, 'amazon-bedrock-guardrailAction': 'INTERVENED' }] });

    const { choices } = await openai.chat.completions
      .create({ model: 'gpt-oss', messages, stream: true })
      .then(firstOf);

    expect(choices[0]).toMatchObject({ index: 0, finish_reason: 'content_filter' });
  });

  test('takes the old form of a call for a tool call', async () => {
    const { openai } = overRuntime(
      {},
      { body: chatAnswer({ function_call: { name: 'f', arguments: '{}' } }, 'function_call') },
    );

    const { choices } = await openai.chat.completions.create({ model: 'gpt-oss', messages });

    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ type: 'function', function: { name: 'f', arguments: '{}' } }] },
    });
  });

  test('keeps the word of an end that OpenAI has not', async () => {
    const { openai } = overRuntime({}, { body: chatAnswer({ content: 'Hi' }, 'abort') });

    const { choices } = await openai.chat.completions.create({ model: 'gpt-oss', messages });

    expect(choices[0]).toMatchObject({ finish_reason: 'stop', stop_reason: 'abort' });
  });

  test.each<[string, Extract<Reply, { frames: unknown }>['frames'], string]>([
    ['that ends without an end', [chunk({ content: 'Hi' })], 'truncated_stream'],
    ['that says nothing at all', [METRICS], 'truncated_stream'],
    [
      'with an error object of the model’s server',
      [{ error: { message: 'out of memory', type: 'oom', code: 500 } }],
      '500',
    ],
    ['with vLLM’s error object', [{ object: 'error', message: 'bad', type: 'BadRequestError', code: 400 }], '400'],
    ['that is cut in a frame', [bytes('{"choices":[')], 'truncated_stream'],
  ])('fails on a stream %s', async (_, frames, code) => {
    await expect(streamed(frames)).rejects.toMatchObject({ code });
  });
});
