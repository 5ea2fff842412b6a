import fc from 'fast-check';
import OpenAI from 'openai';
import { chunk, METRICS } from './answers';
import { overRuntime } from './openai-client';

const request = { model: 'gpt-oss', messages: [{ role: 'user' as const, content: 'Hello' }] };

test('whatever the model says comes through the stream and the client as it was said', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '\n', '\r', '\u2028', '"', '\\', 'é', '😀', '\ud800', 'data: ', '[DONE]'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.array(text, { maxLength: 4 }), async (contents, thoughts) => {
      const frames = [
        ...thoughts.map((reasoning_content) => chunk({ reasoning_content })),
        ...contents.map((content) => chunk({ content })),
        chunk({}, 'stop'),
        METRICS,
      ];
      const { openai } = overRuntime({}, { frames });
      let content = '';
      let reasoning = '';
      for await (const { choices } of await openai.chat.completions.create({ ...request, stream: true })) {
        const delta: { content?: string | null; reasoning_content?: string } = choices[0]?.delta ?? {};
        content += delta.content ?? '';
        reasoning += delta.reasoning_content ?? '';
      }
      expect({ content, reasoning }).toEqual({ content: contents.join(''), reasoning: thoughts.join('') });
    }),
    { numRuns: 100 },
  );
});

describe('frames and answers of any JSON', () => {
  const anything = fc.jsonValue({ maxDepth: 1 });
  const called = fc.record({ name: anything, arguments: anything }, { requiredKeys: [] });
  const call = fc.record({ index: anything, id: anything, function: fc.oneof(called, anything) }, { requiredKeys: [] });
  const said = fc.record(
    {
      content: anything,
      reasoning_content: anything,
      tool_calls: fc.oneof(fc.array(call), anything),
      refusal: anything,
    },
    { requiredKeys: [] },
  );
  const choice = fc.record(
    { index: anything, delta: fc.oneof(said, anything), message: fc.oneof(said, anything), finish_reason: anything },
    { requiredKeys: [] },
  );
  const frame = fc.record(
    {
      ...{
        id: anything,
        created: anything,
        usage: anything,
        object: anything,
        error: fc.option(anything, { freq: 20 }),
      },
      choices: fc.oneof(fc.array(fc.oneof(choice, anything), { maxLength: 3 }), anything),
      __proto__: anything,
    },
    { requiredKeys: [] },
  );

  test('end as an answer or as an error of OpenAI’s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 4 }), async (frames) => {
        const { openai } = overRuntime({}, { frames: [...frames, METRICS] });
        const [body = {}] = frames;
        const whole = overRuntime({}, { body }).openai.chat.completions.create(request);
        const streamed = openai.chat.completions.create({ ...request, stream: true }).then(async (stream) => {
          for await (const { object, choices } of stream) {
            expect(object).toBe('chat.completion.chunk');
            expect(choices.every(({ index, delta }) => typeof index === 'number' && typeof delta === 'object')).toBe(
              true,
            );
          }
        });

        // a bug of ours would come out as a failed connection, or as an error of another class
        const outcomes = await Promise.allSettled([whole, streamed]);
        const reasons = outcomes.map((outcome): unknown =>
          outcome.status === 'rejected' ? outcome.reason : undefined,
        );
        const isOurs = (reason: unknown) =>
          reason instanceof OpenAI.APIError && !(reason instanceof OpenAI.APIConnectionError);
        expect(reasons.filter((reason) => reason !== undefined && !isOurs(reason))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
