import { connect } from 'node:http2';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { Bedrock } from '../../../../local/bedrock/bedrock';
import { AdjustableClock } from '../../../../local/bedrock/clock';
import type { StreamFault } from '../../../../local/bedrock/faults';
import { serveBedrock, type BedrockServer } from '../../../../local/bedrock/server';
import { MemoryRoles, MemoryWeights } from '../testbed';

const modelId = 'openai.gpt-oss-20b-1:0';
const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }] });
const messages = [{ role: 'user' as const, content: [{ text: 'hi' }] }];

let server: BedrockServer;
let runtime: BedrockRuntimeClient;

beforeEach(async () => {
  const clock = new AdjustableClock();
  const switches = { tokenMilliseconds: 0 };
  server = await serveBedrock(
    new Bedrock({ clock, weights: new MemoryWeights(), roles: new MemoryRoles(), switches }),
    clock,
  );
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  runtime = new BedrockRuntimeClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

afterEach(async () => {
  runtime.destroy();
  await server.close();
});

/** The objects of a stream as AWS's client, over HTTP/2, hands them on. */
async function* invoked(signal?: AbortSignal): AsyncGenerator<object> {
  const command = new InvokeModelWithResponseStreamCommand({ modelId, body, contentType: 'application/json' });
  const answer = await runtime.send(command, { abortSignal: signal });
  expect(answer.contentType).toBe('application/json');
  for await (const { chunk } of answer.body ?? []) {
    yield JSON.parse(new TextDecoder().decode(chunk?.bytes)) as object;
  }
}

async function all<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('a stream of AWS’s client begins with the role and ends with Bedrock’s metrics', async () => {
  const objects = await all(invoked());

  expect(objects[0]).toMatchObject({ choices: [{ delta: { role: 'assistant' }, finish_reason: null }] });
  expect(objects.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  expect(objects.at(-1)).toMatchObject({ 'amazon-bedrock-invocationMetrics': { inputTokenCount: 1 } });
});

test('the same stream comes over HTTP/1.1 and HTTP/2 from one port', async () => {
  const path = `/model/${modelId}/invoke-with-response-stream`;
  const first = await fetch(`${server.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  const session = connect(server.url);
  const second = session.request({ ':method': 'POST', ':path': path }).end(body);
  const parts: Buffer[] = [];
  for await (const part of second as AsyncIterable<Buffer>) parts.push(part);
  session.close();

  expect(first.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
  const sizes = [(await first.arrayBuffer()).byteLength, Buffer.concat(parts).length];
  expect(sizes[0]).toBeGreaterThan(1000);
  // the latencies in the metrics have one digit or several
  expect(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0))).toBeLessThan(12);
});

test('pieces leave when they are there, as slowly as the switch says', async () => {
  server.bedrock.switches.tokenMilliseconds = 20;
  const arrivals = new Map<object, number>();
  for await (const object of invoked()) arrivals.set(object, performance.now());

  const times = [...arrivals.values()];
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(200);
});

test.each<[string, Omit<StreamFault, 'operation'>, RegExp]>([
  ['an exception', { kind: 'stream-error', error: 'ThrottlingException', message: 'slower' }, /slower/],
  ['half a frame', { kind: 'stream-truncated' }, /[Tt]runcated/],
  ['a wrong checksum', { kind: 'stream-corrupt' }, /checksum/],
])('a stream that is told to fails after three frames with %s', async (_, fault, message) => {
  server.bedrock.faults.add({ operation: 'InvokeModelWithResponseStream', afterFrames: 3, ...fault });
  let frames = 0;
  const reading = (async () => {
    for await (const object of invoked()) frames += Object.keys(object).length > 0 ? 1 : 0;
  })();

  await expect(reading).rejects.toThrow(message);
  expect(frames).toBe(3);
});

test('a stream whose connection is cut ends amid its frames', async () => {
  server.bedrock.faults.add({ operation: 'InvokeModelWithResponseStream', kind: 'stream-cut', afterFrames: 3 });
  const path = `/model/${modelId}/invoke-with-response-stream`;
  const cut = await fetch(`${server.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });

  await expect(cut.arrayBuffer()).rejects.toThrow('terminated');
  await expect(all(invoked())).resolves.not.toHaveLength(0);
});

test.each(['stream-stall', 'stream-endless'] as const)(
  'a stream with %s goes on until its reader gives up',
  async (kind) => {
    server.bedrock.faults.add({ operation: 'InvokeModelWithResponseStream', kind });
    const giveUp = new AbortController();
    let frames = 0;
    const reading = (async () => {
      for await (const object of invoked(giveUp.signal)) {
        frames += Object.keys(object).length > 0 ? 1 : 0;
        if (frames === (kind === 'stream-endless' ? 500 : 2)) giveUp.abort();
      }
    })();

    await reading; // AWS's client ends an aborted stream without an error
    await expect(all(invoked())).resolves.not.toHaveLength(0);
  },
);

describe('Converse', () => {
  const toolConfig = {
    tools: [
      {
        toolSpec: {
          name: 'look',
          inputSchema: { json: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] } },
        },
      },
    ],
  };

  test('answers in blocks, reasoning first', async () => {
    const answer = await runtime.send(new ConverseCommand({ modelId, messages, system: [{ text: 'Be brief.' }] }));

    expect(answer).toMatchObject({ stopReason: 'end_turn', usage: { inputTokens: 3 } });
    expect(answer.output?.message?.content).toMatchObject([
      { reasoningContent: { reasoningText: { text: expect.stringContaining('No model') as string } } },
      { text: expect.stringContaining('“hi”') as string },
    ]);
  });

  test('streams a tool call in blocks that are closed before the end', async () => {
    const { stream } = await runtime.send(new ConverseStreamCommand({ modelId, messages, toolConfig }));
    const events = await all(stream ?? []);
    const kinds = events.map((event) => Object.keys(event)[0]).filter((kind, at, every) => kind !== every[at - 1]);

    expect(kinds).toEqual([
      'messageStart',
      ...['contentBlockDelta', 'contentBlockStop'],
      ...['contentBlockStart', 'contentBlockDelta', 'contentBlockStop'],
      ...['messageStop', 'metadata'],
    ]);
    const input = events.map(({ contentBlockDelta: more }) => more?.delta?.toolUse?.input ?? '').join('');
    expect(JSON.parse(input)).toEqual({ at: expect.any(String) as string });
  });

  test('reads a tool’s answer', async () => {
    const toolUse = { toolUseId: 't', name: 'look', input: { at: 'x' } };
    const toolResult = { toolUseId: 't', content: [{ text: 'nothing' }] };
    const conversation = [...messages, { role: 'assistant' as const, content: [{ toolUse }] }, { role: 'user' as const, content: [{ toolResult }] }]; // prettier-ignore
    const answer = await runtime.send(new ConverseCommand({ modelId, messages: conversation, toolConfig }));

    expect(answer.stopReason).toBe('end_turn');
    expect(JSON.stringify(answer.output)).toContain('The tool answered: “nothing”');
  });
});
