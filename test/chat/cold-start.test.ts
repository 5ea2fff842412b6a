import OpenAI from 'openai';
import type { BedrockFetchOptions, Waiting } from '../../chat';
import { BASE, chatAnswer, HELLO_FRAMES, IMPORTED } from './answers';
import { bedrockError, frameError, type Reply } from './fake-runtime';
import { overRuntime } from './openai-client';

const request = { model: 'gpt-oss', messages: [{ role: 'user' as const, content: 'Hello' }] };
const COLD = bedrockError('ModelNotReadyException', 'Model is not ready for inference.', 429);
const answer = { body: chatAnswer({ content: 'Hello you' }) };
const inFrames = { frames: HELLO_FRAMES };
const byConverse = { converse: { text: 'Hello you', reasoning: '', toolCalls: [], stopReason: 'end_turn' } };
const inEvents = { events: [{ text: 'Hello you' }, { stopReason: 'end_turn' }, { isLast: true }] };

describe('a model that is not loaded', () => {
  test.each<[string, boolean, BedrockFetchOptions, Reply]>([
    ['imported', false, { model: IMPORTED }, answer],
    ['imported', true, { model: IMPORTED }, inFrames],
    ['base', false, { model: BASE }, answer],
    ['base', true, { model: BASE }, inFrames],
    ['base, by Converse', false, { model: BASE, api: 'converse' }, byConverse],
    ['base, by Converse', true, { model: BASE, api: 'converse' }, inEvents],
  ])('is waited for, two minutes if need be (%s, streamed: %s)', async (_, stream, options, last) => {
    const waits: Waiting[] = [];
    const replies = Array.from({ length: 15 }, () => COLD);
    const { openai, calls, clock } = overRuntime(
      { ...options, coldStart: { onWait: (waiting) => waits.push(waiting) } },
      ...replies,
      last,
    );

    const content = stream
      ? (await openai.chat.completions.stream(request).finalChatCompletion()).choices[0]?.message.content
      : (await openai.chat.completions.create(request)).choices[0]?.message.content;

    expect(content).toBe('Hello you');
    expect(calls).toHaveLength(16);
    expect(clock.elapsed()).toBeGreaterThan(110_000);
    expect(clock.elapsed()).toBeLessThan(130_000);
    expect(waits).toHaveLength(15);
    expect(waits[0]).toEqual({ waited: 0, next: 1_000, attempts: 1, timeout: 480_000 });
    expect(waits.at(-1)).toMatchObject({ next: 10_000, attempts: 15 });
    expect(clock.pending()).toBe(0);
  });

  test('fails when it is not loaded in time, saying how long and how often it was tried, and is not asked for again', async () => {
    const { openai, calls, clock } = overRuntime({ coldStart: { timeout: 30_000 } }, COLD);

    const failed = openai.chat.completions.create(request, { maxRetries: 2 });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    await expect(failed).rejects.toMatchObject({
      status: 503,
      code: 'model_not_ready',
      message: expect.stringMatching(/still not loaded after 30 s and 8 attempts/) as string,
      requestID: 'req-err',
      error: { bedrock: { name: 'ModelNotReadyException', requestId: 'req-err' } },
    });
    expect(clock.elapsed()).toBe(30_000);
    expect(calls).toHaveLength(8);
  });

  test('fails at once if it may not be waited for', async () => {
    const { openai, calls } = overRuntime({ coldStart: { timeout: 0 } }, COLD);

    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ code: 'model_not_ready' });
    expect(calls).toHaveLength(1);
  });

  test('is given up at once when the caller aborts', async () => {
    const abort = new AbortController();
    const { openai, clock, calls } = overRuntime(
      {
        coldStart: {
          onWait: ({ attempts }) => {
            if (attempts === 3) abort.abort();
          },
        },
      },
      COLD,
    );

    const failed = openai.chat.completions.create(request, { signal: abort.signal });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(calls).toHaveLength(3);
    expect(clock.elapsed()).toBe(2_500);
    expect(clock.pending()).toBe(0);
  });

  test('is told from throttling by the name: both are 429, and each has its own patience', async () => {
    const throttled = bedrockError('ThrottlingException', 'Too many requests', 429);
    const { openai, calls } = overRuntime({ maxRetries: 2 }, COLD, throttled, COLD, throttled, COLD, answer);

    await openai.chat.completions.create(request);

    expect(calls).toHaveLength(6);
  });
});

describe('throttling', () => {
  test('is waited out', async () => {
    const { openai, clock } = overRuntime(
      {},
      bedrockError('ThrottlingException', 'Too many requests', 429),
      bedrockError('ServiceUnavailableException', 'Try again', 503),
      answer,
    );

    await openai.chat.completions.create(request);

    expect(clock.elapsed()).toBe(1_500);
  });

  test('is waited out when it comes in place of the first frame', async () => {
    const { openai, calls } = overRuntime(
      {},
      { frames: [frameError('ThrottlingException')] },
      { frames: HELLO_FRAMES },
    );

    const { choices } = await openai.chat.completions.stream(request).finalChatCompletion();

    expect(choices[0]?.message.content).toBe('Hello you');
    expect(calls).toHaveLength(2);
  });

  test('fails after the retries, and the client does not add its own', async () => {
    const { openai, calls } = overRuntime({}, bedrockError('ThrottlingException', 'Too many requests', 429));

    const failed = openai.chat.completions.create(request, { maxRetries: 3 });

    await expect(failed).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(failed).rejects.toMatchObject({
      code: 'rate_limit_exceeded',
      message: expect.stringContaining('given up after 7.5 s and 5 attempts') as string,
    });
    expect(calls).toHaveLength(5);
  });
});
