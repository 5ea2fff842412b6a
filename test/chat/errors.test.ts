import OpenAI from 'openai';
import { chatAnswer, chunk, HELLO_FRAMES, IMPORTED } from './answers';
import { chunkFrame, exceptionFrame } from './event-stream';
import { bedrockError, bytes, frameError } from './fake-runtime';
import { overRuntime, overWire } from './openai-client';

const request = { model: 'gpt-oss', messages: [{ role: 'user' as const, content: 'Hello' }] };

async function contents(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
}

describe('what Bedrock refuses', () => {
  test.each<[string, number, new (...given: never[]) => Error, number, string | null]>([
    ['ValidationException', 400, OpenAI.BadRequestError, 400, null],
    ['AccessDeniedException', 403, OpenAI.PermissionDeniedError, 403, 'access_denied'],
    ['ExpiredTokenException', 403, OpenAI.AuthenticationError, 401, 'invalid_api_key'],
    ['UnrecognizedClientException', 403, OpenAI.AuthenticationError, 401, 'invalid_api_key'],
    ['ResourceNotFoundException', 404, OpenAI.NotFoundError, 404, 'model_not_found'],
    ['ServiceQuotaExceededException', 400, OpenAI.RateLimitError, 429, 'insufficient_quota'],
    ['InternalServerException', 500, OpenAI.InternalServerError, 500, 'server_error'],
    ['ModelTimeoutException', 408, OpenAI.InternalServerError, 504, 'model_timeout'],
    ['ModelErrorException', 424, OpenAI.InternalServerError, 500, 'server_error'],
    ['ConflictException', 400, OpenAI.ConflictError, 409, 'conflict'],
    ['NewException', 418, OpenAI.BadRequestError, 400, null],
    ['NewFault', 599, OpenAI.InternalServerError, 500, 'server_error'],
  ])('fails with OpenAI’s class for %s', async (name, status, Class, openAiStatus, code) => {
    const body = { message: 'as Bedrock words it' };
    const { openai } = overWire({ maxRetries: 0 }, { status, errorType: name, body });

    const failed = openai.chat.completions.create(request);

    await expect(failed).rejects.toBeInstanceOf(Class);
    await expect(failed).rejects.toMatchObject({
      status: openAiStatus,
      code,
      requestID: 'req-wire',
      message: expect.stringContaining('as Bedrock words it') as string,
      error: { bedrock: { name, requestId: 'req-wire' } },
    });
  });

  test('fails saying which action on which model is denied', async () => {
    const denied = bedrockError('AccessDeniedException', 'not authorized', 403);
    const once = overRuntime({}, denied).openai.chat.completions.create(request);
    const streamed = overRuntime({}, denied).openai.chat.completions.create({ ...request, stream: true });

    await expect(once).rejects.toThrow(`bedrock:InvokeModel on ${IMPORTED}`);
    await expect(streamed).rejects.toThrow(`bedrock:InvokeModelWithResponseStream on ${IMPORTED}`);
  });

  test('fails as a bad request if the model’s own server found it bad', async () => {
    const wrapped = {
      status: 424,
      errorType: 'ModelErrorException',
      body: { message: 'bad', originalStatusCode: 400 },
    };
    const { openai } = overWire({}, wrapped);

    await expect(openai.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  test('fails with OpenAI’s code for a prompt that is too long', async () => {
    const long = bedrockError('ValidationException', "This model's maximum context length is 131072 tokens.");
    const { openai } = overRuntime({}, long);

    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ code: 'context_length_exceeded' });
  });

  test('fails to authenticate without credentials', async () => {
    const { openai } = overWire(
      {},
      Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
    );

    await expect(openai.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });

  test('fails without a Region, saying how to give one', async () => {
    const { openai } = overWire({}, new Error('Region is missing'));

    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('AWS_REGION') as string,
    });
  });

  test('lets the client try again what it may', async () => {
    const fault = bedrockError('InternalServerException', 'oops', 500);
    const { openai, calls } = overRuntime({}, fault, { body: chatAnswer({ content: 'Hello' }) });

    await openai.chat.completions.create(request, { maxRetries: 1 });

    expect(calls).toHaveLength(2);
  });
});

describe('where no answer comes', () => {
  test('fails to connect', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const { openai } = overWire({}, refused);

    const failed = openai.chat.completions.create(request);

    await expect(failed).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    await expect(failed).rejects.not.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
  });

  test('fails when a server never answers', async () => {
    const { openai, clock, calls } = overRuntime({ timeout: 5_000 }, 'never');

    const failed = openai.chat.completions.create(request);

    await expect(failed).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    expect(clock.elapsed()).toBe(5_000);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('fails when a stream never begins', async () => {
    const { openai } = overRuntime({ timeout: 5_000 }, { frames: ['never'] });

    const failed = openai.chat.completions.create({ ...request, stream: true });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
  });
});

describe('a stream that goes wrong', () => {
  const hello = chunk({ content: 'Hel' });

  test.each<[string, Uint8Array[], object]>([
    [
      'an exception of Bedrock’s in the middle',
      [chunkFrame(hello), exceptionFrame('modelStreamErrorException', 'the model stumbled')],
      {
        code: 'server_error',
        message: expect.stringContaining('the model stumbled') as string,
        error: { bedrock: { name: 'ModelStreamErrorException' } },
      },
    ],
    [
      'throttling in the middle',
      [chunkFrame(hello), exceptionFrame('throttlingException', 'too fast')],
      { code: 'rate_limit_exceeded', type: 'rate_limit_error' },
    ],
    [
      'a frame that is cut off',
      [chunkFrame(hello), chunkFrame(hello).subarray(0, 40)],
      { code: 'broken_stream', message: expect.stringContaining('Truncated') as string },
    ],
    [
      'a bad checksum',
      [chunkFrame(hello), chunkFrame(hello).map((byte, at) => (at === 100 ? byte ^ 1 : byte))],
      { code: 'broken_stream', message: expect.stringContaining('checksum') as string },
    ],
    ['an end without an end', [chunkFrame(hello)], { code: 'truncated_stream' }],
    [
      'a character that is no UTF-8',
      [chunkFrame(hello), chunkFrame(Uint8Array.of(0x7b, 0x22, 0xc3)), chunkFrame(Uint8Array.of(0x28, 0x22, 0x7d))],
      { code: 'invalid_utf8' },
    ],
  ])('fails inside the stream on %s, after what was said', async (_, stream, error) => {
    const { openai, sent } = overWire({}, { stream });
    const seen: string[] = [];

    const reading = (async () => {
      for await (const { choices } of await openai.chat.completions.create({ ...request, stream: true })) {
        seen.push(choices[0]?.delta.content ?? '');
      }
    })();

    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
    await expect(reading).rejects.toMatchObject({ ...error, requestID: 'req-wire' });
    expect(seen).toEqual(['Hel']);
    expect(sent).toHaveLength(1);
  });

  test('joins a character whose bytes come in two frames', async () => {
    const whole = new TextEncoder().encode(JSON.stringify(chunk({ content: 'a😀b' }, 'stop')));
    const cut = whole.indexOf(0xf0) + 2;
    const { openai } = overWire({}, { stream: [chunkFrame(whole.slice(0, cut)), chunkFrame(whole.slice(cut))] });

    expect(await contents(await openai.chat.completions.create({ ...request, stream: true }))).toBe('a😀b');
  });

  test('fails with a status if the exception comes first', async () => {
    const { openai } = overWire({}, { stream: [exceptionFrame('validationException', 'no such field')] });

    const failed = openai.chat.completions.create({ ...request, stream: true });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  test('fails when it falls silent', async () => {
    const { openai, clock, calls } = overRuntime({ idleTimeout: 7_000 }, { frames: [hello, 'never'] });

    const reading = contents(await openai.chat.completions.create({ ...request, stream: true }));

    await expect(reading).rejects.toMatchObject({ code: 'timeout' });
    expect(clock.elapsed()).toBe(7_000);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('ends with the error that the model’s server wrote into an answer', async () => {
    const { openai } = overRuntime(
      {},
      { body: { object: 'error', message: 'bad tool', type: 'BadRequestError', code: 400 } },
    );

    await expect(openai.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  test.each(['', 'Internal error', '[]', '{"choices":1}'])('fails on an answer that is none: %j', async (body) => {
    const { openai } = overRuntime({}, { body });

    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ status: 502, code: 'broken_answer' });
  });

  test('fails on an answer with a character that is no UTF-8', async () => {
    const whole = Buffer.from(JSON.stringify(chatAnswer({ content: 'Hello?' })));
    whole[whole.indexOf('?')] = 0xc3;
    const { openai } = overWire({}, { body: whole });

    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ status: 502, code: 'invalid_utf8' });
  });

  test('fails when it never ends, at more frames than an answer can have tokens', async () => {
    const comment = bytes(': still here\n\n');
    const { openai, calls } = overRuntime({}, { frames: [hello, ...Array.from({ length: 262_144 }, () => comment)] });

    const reading = contents(await openai.chat.completions.create({ ...request, stream: true }));

    await expect(reading).rejects.toMatchObject({ code: 'endless_stream' });
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('fails by name in a stream whose reading fails with a name', async () => {
    const { openai } = overRuntime({}, { frames: [hello, frameError('InternalServerException')] });

    const reading = contents(await openai.chat.completions.create({ ...request, stream: true }));

    await expect(reading).rejects.toMatchObject({ error: { bedrock: { name: 'InternalServerException' } } });
  });
});

describe('a caller who hangs up', () => {
  test('in mid-stream ends the call to Bedrock, and reads nothing more', async () => {
    const { openai, calls, runtime } = overRuntime({}, { frames: [...HELLO_FRAMES.slice(0, 5), 'never'] });

    const stream = await openai.chat.completions.create({ ...request, stream: true });
    for await (const { choices } of stream) {
      if (choices[0]?.delta.content === 'lo ') stream.controller.abort();
    }

    expect(calls[0]?.signal.aborted).toBe(true);
    expect(runtime.framesRead()).toBe(5);
  });

  test('by leaving the loop ends the call to Bedrock', async () => {
    const { openai, calls } = overRuntime({}, { frames: [...HELLO_FRAMES.slice(0, 5), 'never'] });

    for await (const { choices } of await openai.chat.completions.create({ ...request, stream: true })) {
      if (choices[0]?.delta.content === 'Hel') break;
    }

    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('cuts the connection to Bedrock', async () => {
    async function* slowly() {
      yield chunkFrame(chunk({ content: 'Hel' }));
      await new Promise(() => undefined);
    }
    const { openai, sent } = overWire({}, { stream: slowly() });

    const stream = await openai.chat.completions.create({ ...request, stream: true });
    await stream[Symbol.asyncIterator]().next();
    stream.controller.abort();

    expect(sent[0]?.signal?.aborted).toBe(true);
  });

  test('before the answer gets the client’s own error', async () => {
    const { openai, calls } = overRuntime({}, 'never');
    const abort = new AbortController();

    const failed = openai.chat.completions.create(request, { signal: abort.signal });
    setImmediate(() => {
      abort.abort();
    });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(calls).toHaveLength(1);
  });

  test('before the call makes none', async () => {
    const { fetch, calls } = overRuntime({}, 'never');

    const failed = fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', signal: AbortSignal.abort() });

    await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
    expect(calls).toEqual([]);
  });

  test('by cancelling the body ends the call to Bedrock', async () => {
    const { fetch, calls } = overRuntime({}, { frames: [...HELLO_FRAMES.slice(0, 3), 'never'] });
    const body = JSON.stringify({ ...request, stream: true });

    const response = await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body });
    await response.body?.cancel();

    expect(calls[0]?.signal.aborted).toBe(true);
  });
});
