import OpenAI from 'openai';
import type { BaseModelApi, BedrockFetchOptions } from '../../chat';
import { BASE, chatAnswer, IMPORTED } from './answers';
import { overRuntime, overWire } from './openai-client';

const messages = [{ role: 'user' as const, content: 'Hello' }];
const answer = { body: chatAnswer({ content: 'Hello you' }) };
const URL_OF_CHAT = 'https://api.openai.com/v1/chat/completions';

/** Past the client's types: what a program in JavaScript may send. */
async function post(body: object | string, options = {}) {
  const { fetch, calls } = overRuntime(options, answer);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(URL_OF_CHAT, { method: 'POST', body: text });
  return { status: response.status, body: await response.json(), calls };
}

describe('fields of a request', () => {
  test('go on to an imported model under their names', async () => {
    const fields = {
      temperature: 0.5,
      top_p: 0.9,
      n: 2,
      stop: ['a', 'b'],
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      logit_bias: { '5': 1 },
      logprobs: true,
      top_logprobs: 3,
      prompt_logprobs: 1,
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice: 'auto',
      parallel_tool_calls: false,
      response_format: { type: 'json_object' },
      structured_outputs: { regex: '[ab]+' },
      reasoning_effort: 'high',
    };
    const { status, calls } = await post({
      model: 'x',
      messages,
      ...fields,
      store: false,
      modalities: ['text'],
      user: null,
    });

    expect(status).toBe(200);
    expect(calls[0]?.body).toEqual({ messages, ...fields });
  });

  test.each<[string, object]>([
    ['user', { user: 'u-1' }],
    ['store', { store: true }],
    ['metadata', { metadata: { a: 'b' } }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['functions', { functions: [] }],
    ['web_search_options', { web_search_options: {} }],
    ['top_k', { top_k: 5 }],
    ['toString', { toString: 5 }],
    ['constructor', { constructor: true }],
    ['stream_options', { stream_options: { include_usage: true } }],
    ['stream_options.include_obfuscation', { stream: true, stream_options: { include_obfuscation: true } }],
    ['stream', { stream: 'yes' }],
    ['service_tier', { service_tier: 'scale' }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_completion_tokens', { max_tokens: 5, max_completion_tokens: 6 }],
    ['tools', { tools: {} }],
    ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'f' } }] }],
    ['tools[0].function.name', { tools: [{ type: 'function', function: {} }] }],
    ['tool_choice', { tool_choice: { type: 'allowed_tools' } }],
    ['messages', { messages: [] }],
    ['messages', { messages: 'Hello' }],
    ['messages[0]', { messages: ['Hello'] }],
    ['messages[0].role', { messages: [{ role: 'function', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 5 }] }],
    ['messages[0].audio', { messages: [{ role: 'assistant', content: 'x', audio: { id: 'a' } }] }],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[0].tool_calls[0].id', { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }] }],
    [
      'messages[0].content[1]',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url' }] }] },
    ],
  ])('fails on %s, by its name', async (param, fields) => {
    const { status, body, calls } = await post({ model: 'x', messages, ...fields });

    expect({ status, body }).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error', param } } });
    expect(calls).toEqual([]);
  });

  test.each<[string, BedrockFetchOptions]>([
    ['an imported model', { model: IMPORTED }],
    ['a base model', { model: BASE }],
    ['a base model by Converse', { model: BASE, api: 'converse' }],
    ['a base model by Bedrock’s OpenAI endpoint', { model: BASE, api: 'chat-completions', region: 'us-east-1' }],
  ])('fail on images for %s, as the client’s own BadRequestError', async (_, options) => {
    const { openai, calls } = overRuntime(options, answer);
    const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };

    const failed = openai.chat.completions.create({ model: 'x', messages: [{ role: 'user', content: [image] }] });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(failed).rejects.toMatchObject({ code: 'unsupported_content', param: 'messages[0].content[0]' });
    await expect(failed).rejects.toThrow('GPT-OSS takes text only');
    expect(calls).toEqual([]);
  });

  test('may be passed or dropped if the caller says so', async () => {
    const options = { passFields: ['top_k'], dropFields: ['user', 'metadata'] };
    const { calls } = await post({ model: 'x', messages, top_k: 5, user: 'u', metadata: {} }, options);

    expect(calls[0]?.body).toEqual({ messages, top_k: 5 });
  });

  test('become settings of the call', async () => {
    const { calls } = await post({ model: 'x', messages, service_tier: 'priority' }, { serviceTier: 'flex' });

    expect(calls[0]).toMatchObject({ serviceTier: 'priority', body: { messages } });
  });

  test('with text in parts go on as one text', async () => {
    const content = ['One', 'two'].map((text) => ({ type: 'text', text }));
    const { calls } = await post({ model: 'x', messages: [{ role: 'user', content, name: 'ann' }] });

    expect(calls[0]?.body).toEqual({ messages: [{ role: 'user', content: 'One\ntwo', name: 'ann' }] });
  });

  test.each(['', 'x', '[]', 'null'])('fail as a body that is no object: %j', async (text) => {
    expect(await post(text)).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error' } } });
  });

  test('fail over Bedrock’s limit of 25 MB, counted in bytes', async () => {
    const { status, body } = await post({ model: 'x', messages: [{ role: 'user', content: 'é'.repeat(12_600_000) }] });

    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 'request_too_large' } } });
  });
});

describe('models', () => {
  test.each<[string | undefined, number, string | null]>([
    [undefined, 400, null],
    ['gpt-4o', 404, 'model_not_found'],
    ['arn:aws:bedrock:us-east-1:111122223333:custom-model/abcdef012345', 400, 'model_not_supported'],
    ['arn:aws:bedrock:us-east-1:111122223333:model-import-job/abcdef012345', 400, 'model_not_supported'],
    ['arn:aws:bedrock:us-east-1:111122223333:imported-model/short', 400, 'model_not_supported'],
    ['arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama3-1-8b', 400, 'model_not_supported'],
    ['arn:aws:bedrock:us-east-1:111122223333:constructor/abcdef012345', 400, 'model_not_supported'],
    ['arn:aws:bedrock:us-west-2:111122223333:imported-model/abcdef012345', 400, 'wrong_region'],
    [`${'arn:aws:bedrock:'.repeat(20)}x`, 404, 'model_not_found'],
  ])('fail that are none or elsewhere: %s', async (model, status, code) => {
    const { openai, calls } = overRuntime({ model, region: 'us-east-1' }, answer);

    await expect(openai.chat.completions.create({ model: 'x', messages })).rejects.toMatchObject({
      status,
      ...(code !== null && { code }),
    });
    expect(calls).toEqual([]);
  });

  test.each<[string, BaseModelApi, string]>([
    ['openai.gpt-oss-20b', 'invoke', '-1:0'],
    ['openai.gpt-oss-120b', 'converse', '-1:0'],
    ['openai.gpt-oss-20b-1', 'invoke', ':0'],
    ['arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-20b', 'invoke', '-1:0'],
  ])('fail without their version, and hear of it: %s', async (model, api, missing) => {
    const { openai, calls } = overRuntime({ model, api }, answer);

    await expect(openai.chat.completions.create({ model: 'x', messages })).rejects.toThrow(
      `'${model}' lacks the model's version; did you mean '${model}${missing}'?`,
    );
    expect(calls).toEqual([]);
  });

  test('have the names that the caller gave them', async () => {
    const { openai, calls } = overRuntime({ model: undefined, models: { mine: IMPORTED, base: BASE } }, answer);

    await openai.chat.completions.create({ model: 'base', messages });
    await openai.chat.completions.create({ model: 'mine', messages });
    const other = openai.chat.completions.create({ model: 'gpt-4o', messages });

    await expect(other).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(other).rejects.toThrow(/there is mine, base/);
    expect(calls.map(({ modelId }) => modelId)).toEqual([BASE, IMPORTED]);
    const listed: string[] = [];
    for await (const model of openai.models.list()) listed.push(model.id);
    expect(listed).toEqual(['mine', 'base']);
  });

  test('are listed and looked up in OpenAI’s shape', async () => {
    const { openai } = overRuntime({ model: IMPORTED });

    expect((await openai.models.list()).data).toEqual([
      { id: IMPORTED, object: 'model', created: 0, owned_by: 'amazon-bedrock' },
    ]);
    expect((await openai.models.retrieve(IMPORTED)).id).toBe(IMPORTED);
    await expect(openai.models.retrieve('gpt-4o')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  test.each([
    `arn:aws:bedrock:us-east-1::foundation-model/${BASE}`,
    `arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.${BASE}`,
    'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6',
  ])('may be base models and their profiles by ARN: %s', async (arn) => {
    const { openai, calls } = overRuntime({ model: arn }, answer);

    await openai.chat.completions.create({ model: 'x', messages });

    expect(calls[0]?.modelId).toBe(arn);
  });
});

describe('text completions', () => {
  const text = (said: string, finish: string | null) => ({
    id: 'cmpl-1',
    object: 'text_completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, text: said, logprobs: null, finish_reason: finish, stop_reason: null }],
    usage: finish === null ? null : { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
  });

  test('of an imported model go with the bound that selects the format', async () => {
    const { openai, calls } = overRuntime({}, { body: text('<reasoning> there', 'length') });

    const { choices, usage } = await openai.completions.create({ model: 'x', prompt: 'Hello', temperature: 0 });

    expect(choices).toEqual([{ index: 0, text: '<reasoning> there', logprobs: null, finish_reason: 'length' }]);
    expect(usage).toEqual({ prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 });
    expect(calls[0]?.body).toEqual({ prompt: 'Hello', temperature: 0, max_tokens: 16 });
  });

  test('stream', async () => {
    const { openai } = overRuntime({}, { frames: [text('a', null), text('b', 'stop')] });

    let said = '';
    for await (const { choices } of await openai.completions.create({ model: 'x', prompt: 'Hello', stream: true })) {
      said += choices[0]?.text ?? '';
    }

    expect(said).toBe('ab');
  });

  test('fail in a stream that breaks off', async () => {
    const { openai } = overRuntime({}, { frames: [text('a', null)] });
    const stream = await openai.completions.create({ model: 'x', prompt: 'Hello', stream: true });
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();

    await expect(reader.next()).rejects.toMatchObject({ code: 'truncated_stream' });
  });

  test.each([
    [{ prompt: undefined }, {}, 'prompt'],
    [{ prompt: 'Hello' }, { api: 'converse' as const }, 'model'],
    [{ prompt: 'Hello', tools: [] }, {}, 'tools'],
  ])('fail on what they cannot be: %j', async (fields, options, param) => {
    const { fetch } = overRuntime(options);
    const body = JSON.stringify({ model: 'x', ...fields });

    const response = await fetch('https://api.openai.com/v1/completions', { method: 'POST', body });

    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  test('fail for base models, which have none', async () => {
    const { openai } = overRuntime({ model: BASE });

    await expect(openai.completions.create({ model: 'x', prompt: 'Hello' })).rejects.toThrow(/chat\.completions/);
  });
});

describe('the rest of OpenAI’s API', () => {
  test('fails as not found, saying what there is', async () => {
    const { openai } = overRuntime({});

    const responses = openai.responses.create({ model: 'x', input: 'Hello' });
    await expect(responses).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(responses).rejects.toThrow(/use chat\.completions\.create\(\)/);
    await expect(openai.embeddings.create({ model: 'x', input: 'Hello' })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(openai.models.delete('x')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  test('takes a Request as fetch does, and bytes as a body', async () => {
    const { fetch, calls } = overRuntime({}, answer);
    const body = JSON.stringify({ model: 'x', messages });

    expect((await fetch(new Request(URL_OF_CHAT, { method: 'POST', body }))).status).toBe(200);
    expect((await fetch(new URL(URL_OF_CHAT), { method: 'POST', body: new TextEncoder().encode(body) })).status).toBe(
      200,
    );
    expect(calls.map(({ body: sent }) => sent)).toEqual([{ messages }, { messages }]);
  });

  test('sends nothing of the client’s own to Bedrock', async () => {
    const { openai, sent } = overWire({}, answer);

    await openai.chat.completions.create({ model: 'x', messages });

    expect(JSON.stringify(sent)).not.toMatch(/unused|stainless/i);
  });
});

test.each([
  [undefined, "'model' of bedrockFetch() is undefined: is the environment variable set that it is read from? give the"],
  ['', "'model' of bedrockFetch() is empty; give the imported model's ARN or a base model's id"],
])('fails with %j for a model, and says whose fault that is', async (model, words) => {
  const { openai, calls } = overRuntime({ model }, answer);
  await expect(openai.chat.completions.create({ model: 'x', messages })).rejects.toThrow(words);
  expect(calls).toEqual([]);
});
