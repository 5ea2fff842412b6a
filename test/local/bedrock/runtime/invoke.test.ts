import { z } from 'zod';
import { testbed } from '../testbed';

const BASE = 'openai.gpt-oss-120b-1:0';
const question = [{ role: 'user', content: 'two words' }];
const bytes = (body: object) => Buffer.from(JSON.stringify(body));
const Answer = z.object({
  choices: z.array(
    z.object({
      finish_reason: z.string(),
      text: z.string().optional(),
      message: z
        .object({
          content: z.string().nullable(),
          reasoning_content: z.string().nullable().optional(),
          tool_calls: z.array(
            z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
          ),
        })
        .optional(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
});

async function asking(switches: Parameters<typeof testbed>[0] = {}) {
  const bed = testbed({ tokenMilliseconds: 0, ...switches });
  const { importedModelArn: modelId = '' } = await bed.importModel();
  const invoke = async (body: object, id = modelId) => {
    const answer = await bed.bedrock.call('InvokeModel', { modelId: id, body: bytes(body) });
    return Answer.parse(JSON.parse(Buffer.from(answer.body).toString()));
  };
  return { ...bed, modelId, invoke };
}

const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } });

describe('an answer', () => {
  test('is the same to the same request', async () => {
    const { invoke } = await asking();
    expect((await invoke({ messages: question })).choices).toEqual((await invoke({ messages: question })).choices);
  });

  test('stops at the limit of tokens, and at a stop sequence', async () => {
    const { invoke } = await asking();
    const cut = await invoke({ messages: question, max_tokens: 15 });
    expect(cut).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 15 } });
    const stopped = await invoke({ messages: question, stop: [' emulator'] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello from the Bedrock' } });
  });

  test('comes as often as it is asked for', async () => {
    const { invoke } = await asking();
    const { choices } = await invoke({ messages: question, n: 3 });
    expect(choices).toHaveLength(3);
  });

  test('to a prompt with max_tokens is a text completion', async () => {
    const { invoke } = await asking();
    const { choices } = await invoke({ prompt: 'two words', max_tokens: 50 });
    expect(choices).toMatchObject([{ text: expect.stringContaining('“two words”') as string, finish_reason: 'stop' }]);
  });

  test('of a base model has its reasoning in tags before the text', async () => {
    const { invoke } = await asking();
    const { choices } = await invoke({ messages: question, max_completion_tokens: 100 }, BASE);
    expect(choices[0]?.message?.content).toMatch(/^<reasoning>No model.*<\/reasoning>Hello/);
    expect(choices[0]?.message?.reasoning_content).toBeUndefined();
  });

  test('is JSON, or one of the choices, where that is asked for', async () => {
    const { invoke } = await asking();
    const content = async (body: object) =>
      (await invoke({ messages: question, ...body })).choices[0]?.message?.content;
    expect(JSON.parse((await content({ response_format: { type: 'json_object' } })) ?? '')).toHaveProperty('emulator');
    expect(await content({ structured_outputs: { choice: ['yes', 'no'] } })).toBe('yes');
    expect(await content({ structured_outputs: { json: { type: 'integer', minimum: 4 } } })).toBe('4');
  });

  test('ends as filtered where the switch says so', async () => {
    const { invoke } = await asking({ answerEnds: 'filtered' });
    expect((await invoke({ messages: question })).choices[0]?.finish_reason).toBe('content_filter');
  });
});

describe('tools', () => {
  const called = async (body: object, switches = {}) => {
    const { invoke } = await asking(switches);
    const { choices } = await invoke({ messages: question, tools: [tool('a'), tool('b')], ...body });
    return choices[0]?.message?.tool_calls.map((call) => call.function.name);
  };

  test('are called: the first, the one that is named, all, or none', async () => {
    expect(await called({})).toEqual(['a']);
    expect(await called({ tool_choice: { type: 'function', function: { name: 'b' } } })).toEqual(['b']);
    expect(await called({}, { toolsCalled: 'every' })).toEqual(['a', 'b']);
    expect(await called({ tool_choice: 'none' })).toEqual([]);
  });

  test('are called no more once one has answered, unless a call is required', async () => {
    const messages = [...question, { role: 'tool', tool_call_id: 'x', content: 'done' }];
    expect(await called({ messages })).toEqual([]);
    expect(await called({ messages, tool_choice: 'required' })).toEqual(['a']);
  });
});

describe('a model', () => {
  const ready = { outcome: 'ok' };
  const cold = { outcome: 'ModelNotReadyException' };

  test('is cold at first, warm once loaded, and cold again after five minutes without a call', async () => {
    const { bedrock, clock, invoke } = await asking({ loadSeconds: 90 });
    const ask = () => invoke({ messages: question }).catch(() => undefined);
    for (const seconds of [0, 89, 1, 299, 299, 300, 90]) {
      clock.pass(seconds);
      await ask();
    }
    const outcomes = bedrock.calls.filter(({ operation }) => operation === 'InvokeModel');
    expect(outcomes).toMatchObject([cold, cold, ready, ready, ready, cold, ready]);
  });

  test('that is cold answers late instead where the switch says so', async () => {
    const { clock, invoke } = await asking({ loadSeconds: 90, coldCall: 'held' });
    const before = clock.now();
    await invoke({ messages: question });
    expect(clock.now() - before).toBe(90_000);
  });

  test('of Bedrock’s own is never cold, and known by its ARN too', async () => {
    const { invoke } = await asking({ loadSeconds: 90 });
    const arn = `arn:aws:bedrock:us-east-1::foundation-model/${BASE}`;
    await expect(invoke({ messages: question }, arn)).resolves.toHaveProperty('choices');
  });
});

test.each([
  ['an image', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, 'text only'],
  ['a limit of zero', { messages: question, max_tokens: 0 }, 'max_tokens'],
  ['a tool without a name', { messages: question, tools: [{}] }, 'named function'],
  ['a choice that is none of the tools', { messages: question, tool_choice: { function: { name: 'x' } } }, 'not among'],
  ['a format of another kind', { messages: question, response_format: { type: 'xml' } }, 'json_schema'],
  ['a grammar', { messages: question, structured_outputs: { grammar: 'root' } }, 'json and choice'],
  ['a schema that has no value', { messages: question, structured_outputs: { json: { enum: [] } } }, 'no value'],
])('fails with %s', async (_, body, message) => {
  const { invoke } = await asking();
  await expect(invoke(body)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(message) as string,
  });
});

test.each([
  ['another model in the body', { messages: question, model: 'openai.gpt-oss-20b-1:0' }, 'model must be'],
  ['a stream by InvokeModel', { messages: question, stream: true }, 'stream must be false'],
  ['a prompt', { prompt: 'hi', max_tokens: 5 }, 'messages'],
])('a base model fails with %s', async (_, body, message) => {
  const { invoke } = await asking();
  await expect(invoke(body, BASE)).rejects.toMatchObject({ message: expect.stringContaining(message) as string });
});

test('Converse fails for an imported model', async () => {
  const { bedrock, modelId } = await asking();
  const messages = [{ role: 'user', content: [{ text: 'hi' }] }];
  await expect(bedrock.call('Converse', { modelId, messages })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("doesn't support the model") as string,
  });
});
