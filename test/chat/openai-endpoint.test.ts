import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { bedrockFetch, type BedrockFetchOptions } from '../../chat';
import { Account } from '../../local/bedrock/account';
import { AdjustableClock } from '../../local/bedrock/clock';
import { BedrockError, ConnectionCut } from '../../local/bedrock/errors';
import { Faults, type StreamFault } from '../../local/bedrock/faults';
import { CHAT_COMPLETIONS, chatCompletions, openAiError } from '../../local/bedrock/runtime/chat-completions';
import { emulatedAuthor } from '../../local/bedrock/runtime/emulated-author';
import type { Service } from '../../local/bedrock/service';
import { defaultSwitches } from '../../local/bedrock/switches';
import { MemoryRoles, MemoryWeights } from '../local/bedrock/testbed';
import { BASE, IMPORTED } from './answers';

const messages = [{ role: 'user' as const, content: 'Sing “la”.' }];
const request = { model: 'gpt-oss', messages };
const answer = /^Hello from the Bedrock emulator.*“Sing “la”.”$/;

let service: Service;

beforeEach(() => {
  service = {
    account: new Account('111122223333', 'us-east-1'),
    clock: new AdjustableClock(),
    weights: new MemoryWeights(),
    roles: new MemoryRoles(),
    switches: { ...defaultSwitches(), tokenMilliseconds: 0 },
    faults: new Faults(),
    author: emulatedAuthor,
    newId: () => 'abcdef012345',
  };
});

/** The emulator's endpoint in place of the network. */
const send: typeof fetch = async (input, init) => {
  const asked = new Request(input, init);
  const { pathname } = new URL(asked.url);
  expect([asked.method, pathname]).toEqual(['POST', CHAT_COMPLETIONS]);
  const body = Buffer.from(await asked.arrayBuffer());
  try {
    const authorization = asked.headers.get('authorization') ?? undefined;
    const result = await chatCompletions(service, { authorization, body });
    const headers = { ...result.headers, 'content-type': result.contentType, 'x-amzn-requestid': 'req-endpoint' };
    return 'frames' in result
      ? new Response(streamOf(result.frames), { headers })
      : new Response(result.body, { headers });
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    return Response.json(openAiError(error), {
      status: error.httpStatus,
      headers: { 'x-amzn-errortype': error.name, 'x-amzn-requestid': 'req-endpoint' },
    });
  }
};

function streamOf(frames: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = frames[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        if (!(error instanceof ConnectionCut)) throw error;
        controller.error(new TypeError('terminated'));
      }
    },
  });
}

function client(options: BedrockFetchOptions = {}, apiKey = 'bedrock-key'): OpenAI {
  const fetch = bedrockFetch({ model: BASE, api: 'chat-completions', region: 'us-east-1', fetch: send, ...options });
  return new OpenAI({ apiKey, maxRetries: 0, fetch });
}

test('the openai package gets a whole answer, with the reasoning apart', async () => {
  const { data, request_id } = await client().chat.completions.create(request).withResponse();

  expect(data.choices).toMatchObject([
    {
      finish_reason: 'stop',
      message: { content: expect.stringMatching(answer) as string, reasoning_content: expect.any(String) as string },
    },
  ]);
  expect(data.usage?.prompt_tokens).toBe(2);
  expect(request_id).toBe('req-endpoint');
});

test('it gets a stream, piece by piece, with its usage only if asked for', async () => {
  const read = async (more: object) => {
    const stream = await client().chat.completions.create({ ...request, stream: true, ...more });
    const pieces: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      pieces.push(chunk.choices[0]?.delta.content ?? '');
      usage = chunk.usage ?? usage;
    }
    return { pieces: pieces.filter((piece) => piece !== ''), usage };
  };
  const { pieces, usage } = await read({ stream_options: { include_usage: true } });

  expect(pieces.join('')).toMatch(answer);
  expect(pieces.length).toBeGreaterThan(5);
  expect(usage?.prompt_tokens).toBe(2);
  expect((await read({})).usage).toBeUndefined();
});

test.each([false, true])('it runs tools by itself (streamed: %s)', async (stream) => {
  const seen: unknown[] = [];
  const tool = {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      description: 'Weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string', minLength: 2 } }, required: ['city'] },
      parse: JSON.parse,
      function: (given: object) => {
        seen.push(given);
        return 'Snow.';
      },
    },
  };
  const { completions } = client().chat;
  const runner = stream
    ? completions.runTools({ ...request, stream: true, tools: [tool] })
    : completions.runTools({ ...request, tools: [tool] });

  expect(await runner.finalContent()).toContain('The tool answered: “Snow.”');
  expect(seen).toEqual([{ city: expect.any(String) as string }]);
});

test('it gets structured output', async () => {
  const Recipe = z.object({ name: z.string().min(3), kind: z.enum(['soup', 'cake']) });

  const { choices } = await client().chat.completions.parse({
    ...request,
    response_format: zodResponseFormat(Recipe, 'recipe'),
  });

  expect(choices[0]?.message.parsed).toMatchObject({ kind: 'soup' });
});

test.each<[StreamFault['kind'], object]>([
  ['stream-error', { message: expect.stringContaining('break this stream off') as string }],
  ['stream-cut', { code: 'broken_stream' }],
  ['stream-truncated', { code: 'truncated_stream' }],
])('it fails in the middle of a stream: %s', async (kind, error) => {
  service.faults.add({ kind, operation: 'InvokeModelWithResponseStream', afterFrames: 22 });
  let text = '';
  const reading = (async () => {
    for await (const { choices } of await client().chat.completions.create({ ...request, stream: true })) {
      text += choices[0]?.delta.content ?? '';
    }
  })();

  await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
  await expect(reading).rejects.toMatchObject(error);
  expect(text).toMatch(/^Hello/);
});

test('an id without a version, which is right on bedrock-mantle, goes on as it is', async () => {
  const failed = client({ model: 'openai.gpt-oss-20b' }).chat.completions.create(request);

  await expect(failed).rejects.toMatchObject({ error: { bedrock: { name: 'ValidationException' } } });
});

test.each([
  ['a tool that is none of the tools', {}, { tool_choice: { type: 'function' as const, function: { name: 'f' } } }],
  ['a model that there is not', { model: 'openai.gpt-oss-7b-1:0' }, {}],
])('it fails on %s, with Bedrock’s name for that', async (_, options, fields) => {
  const failed = client(options).chat.completions.create({ ...request, ...fields });

  await expect(failed).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  await expect(failed).rejects.toMatchObject({
    error: { bedrock: { name: 'ValidationException', requestId: 'req-endpoint' } },
  });
});

test.each<[string, string, object, number, string]>([
  ['without a key', BASE, {}, 403, 'MissingAuthenticationTokenException'],
  ['for a model of nobody’s', IMPORTED, { authorization: 'Bearer key' }, 404, 'ResourceNotFoundException'],
])('the emulator fails %s', async (_, model, headers, status, code) => {
  const body = JSON.stringify({ model, messages });

  const response = await send(`https://x${CHAT_COMPLETIONS}`, { method: 'POST', body, headers: { ...headers } });

  expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
});
