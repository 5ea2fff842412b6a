import { BASE, chatAnswer, chunk, HELLO_FRAMES, IMPORTED, METRICS } from './answers';
import { chunkFrame } from './event-stream';
import { overRuntime, overWire } from './openai-client';

const messages = [{ role: 'user' as const, content: 'Hello' }];

describe('chat with an imported model', () => {
  test('answers with a completion that is clean, its reasoning apart', async () => {
    const { openai, calls } = overRuntime(
      {},
      { body: chatAnswer({ content: 'Hello you', reasoning_content: 'Greet.' }) },
    );

    const answer = await openai.chat.completions.create({ model: 'gpt-oss', messages, max_completion_tokens: 50 });

    expect(answer).toEqual({
      id: 'chatcmpl-b3d',
      object: 'chat.completion',
      created: 1_763_000_000,
      model: '111122223333-abcdef012345',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello you', refusal: null, reasoning_content: 'Greet.' },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 98, completion_tokens: 7, total_tokens: 105 },
    });
    expect(answer._request_id).toBe('req-1');
    expect(calls).toMatchObject([{ operation: 'invoke', modelId: IMPORTED, body: { messages, max_tokens: 50 } }]);
    expect(Object.keys(calls[0]?.body ?? {})).toEqual(['messages', 'max_tokens']);
  });

  test('streams chunks with reasoning, content and counts', async () => {
    const { openai, calls } = overRuntime({}, { frames: HELLO_FRAMES });

    const stream = await openai.chat.completions.create({
      model: 'gpt-oss',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const part of stream) chunks.push(part);

    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: 'assistant' },
      { reasoning_content: 'A greeting. ' },
      { reasoning_content: 'Greet back.' },
      { content: 'Hel' },
      { content: 'lo ' },
      { content: 'you' },
      {},
      undefined,
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      'stop',
      undefined,
    ]);
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 98, completion_tokens: 7, total_tokens: 105 });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(calls[0]).toMatchObject({
      operation: 'invokeStream',
      body: { messages, stream: true, stream_options: { include_usage: true } },
    });
  });

  test('signs, sends and reads what Bedrock takes and sends', async () => {
    const { openai, sent } = overWire(
      { guardrail: { id: 'gr-1', version: '3', trace: 'enabled' }, serviceTier: 'flex' },
      { body: chatAnswer({ content: 'Hello you' }) },
    );

    const { data, request_id } = await openai.chat.completions.create({ model: 'gpt-oss', messages }).withResponse();

    expect(data.choices[0]?.message.content).toBe('Hello you');
    expect(request_id).toBe('req-wire');
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: `/model/${encodeURIComponent(IMPORTED)}/invoke`,
        body: { messages },
        headers: {
          'content-type': 'application/json',
          'x-amzn-bedrock-guardrailidentifier': 'gr-1',
          'x-amzn-bedrock-guardrailversion': '3',
          'x-amzn-bedrock-trace': 'ENABLED',
          'x-amzn-bedrock-service-tier': 'flex',
        },
      },
    ]);
  });

  test('streams out of the bytes of an event stream, however they are cut', async () => {
    const wire = Buffer.concat(HELLO_FRAMES.map((frame) => chunkFrame(frame)));
    const cuts = Array.from({ length: Math.ceil(wire.length / 37) }, (_, part) =>
      wire.subarray(part * 37, part * 37 + 37),
    );
    const { openai, sent } = overWire({}, { stream: cuts });

    const answer = await openai.chat.completions.stream({ model: 'gpt-oss', messages }).finalChatCompletion();

    expect(answer.choices[0]?.message.content).toBe('Hello you');
    expect(sent[0]?.path).toBe(`/model/${encodeURIComponent(IMPORTED)}/invoke-with-response-stream`);
  });

  test('sends each chunk before the next one is there', async () => {
    let goOn = (): void => undefined;
    const second = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* slowly() {
      yield chunkFrame(chunk({ content: 'Hel' }));
      await second;
      yield chunkFrame(chunk({ content: 'lo' }, 'stop'));
      yield chunkFrame(METRICS);
    }
    const { openai } = overWire({}, { stream: slowly() });

    const stream = await openai.chat.completions.create({ model: 'gpt-oss', messages, stream: true });
    const seen: (string | null | undefined)[] = [];
    for await (const { choices } of stream) {
      seen.push(choices[0]?.delta.content);
      goOn();
    }

    expect(seen).toEqual(['Hel', 'lo']);
  });

  test('keeps what is not OpenAI’s under its name, and drops nulls', async () => {
    const extras = { kv_transfer_params: { block: 1 }, prompt_token_ids: [1, 2] };
    const { openai } = overRuntime({}, { body: chatAnswer({ content: 'Hi' }, 'stop', extras) });

    const answer = await openai.chat.completions.create({ model: 'gpt-oss', messages });

    expect(answer).toMatchObject(extras);
    expect(answer).not.toHaveProperty('service_tier');
    expect(answer.choices[0]).not.toHaveProperty('token_ids');
  });

  test.each(['converse', 'chat-completions'] as const)('fails for an imported model by %s', async (api) => {
    const { openai, calls } = overRuntime({ api });

    await expect(openai.chat.completions.create({ model: BASE, messages })).rejects.toMatchObject({
      status: 400,
      code: 'api_not_supported',
    });
    expect(calls).toEqual([]);
  });
});
