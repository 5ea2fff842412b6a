import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { upstreamAuthor } from '../../../../local/bedrock/runtime/upstream';
import { testbed } from '../testbed';

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse, body: string) => void;

let server: Server;
let url: string;
let handle: Handler;
let requests: { path: string | undefined; body: unknown }[];

beforeEach(async () => {
  requests = [];
  server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${String(typeof address === 'object' && address?.port)}/v1`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  let body = '';
  for await (const part of incoming) body += String(part);
  if (incoming.url === '/v1/models') {
    outgoing.end(JSON.stringify({ data: [{ id: 'llama3' }, { id: 'gpt-oss:20b' }] }));
    return;
  }
  requests.push({ path: incoming.url, body: JSON.parse(body) });
  handle(incoming, outgoing, body);
}

/** Lines as Ollama sends them, cut where no event ends. */
function streams(...chunks: object[]): Handler {
  const text = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
  return (_, outgoing) => {
    const bytes = Buffer.from(text);
    outgoing.write(bytes.subarray(0, 41));
    setTimeout(() => outgoing.end(bytes.subarray(41)), 20);
  };
}

const piece = (delta: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const question = { messages: [{ role: 'user', content: 'hi' }], max_completion_tokens: 9, temperature: 0.5 };

async function ask(body: object = question, modelId = 'openai.gpt-oss-20b-1:0'): Promise<unknown> {
  const { bedrock } = testbed({}, { author: upstreamAuthor({ url }) });
  const answer = await bedrock.call('InvokeModel', { modelId, body: Buffer.from(JSON.stringify(body)) });
  return JSON.parse(Buffer.from(answer.body).toString());
}

test('a model elsewhere answers, with its reasoning where Bedrock has it, and its counts', async () => {
  handle = streams(
    piece({ role: 'assistant', reasoning: 'Söme' }),
    piece({ reasoning: ' thought' }),
    piece({ content: 'Grüß ' }),
    piece({ content: 'dich' }),
    piece({}, 'stop'),
    { choices: [], usage: { prompt_tokens: 70, completion_tokens: 4 } },
  );

  expect(await ask()).toMatchObject({
    choices: [{ finish_reason: 'stop', message: { content: '<reasoning>Söme thought</reasoning>Grüß dich' } }],
    usage: { prompt_tokens: 70, completion_tokens: 4, total_tokens: 74 },
  });
  expect(requests).toEqual([
    {
      path: '/v1/chat/completions',
      body: {
        messages: question.messages,
        temperature: 0.5,
        max_tokens: 9,
        model: 'gpt-oss:20b',
        stream: true,
        stream_options: { include_usage: true },
      },
    },
  ]);
});

test('its tool calls are put together', async () => {
  handle = streams(
    piece({ tool_calls: [{ index: 0, id: 'call-1', type: 'function', function: { name: 'look', arguments: '' } }] }),
    piece({ tool_calls: [{ index: 0, function: { arguments: '{"at":' } }] }),
    piece({ tool_calls: [{ index: 0, function: { arguments: '"x"}' } }] }),
    piece({}, 'tool_calls'),
  );

  expect(await ask()).toMatchObject({
    choices: [
      {
        finish_reason: 'tool_calls',
        message: { tool_calls: [{ id: 'call-1', function: { name: 'look', arguments: '{"at":"x"}' } }] },
      },
    ],
  });
});

test.each<[string, Handler, object]>([
  [
    'that refuses',
    (_, to) => to.writeHead(400).end('no such tool'),
    { name: 'ModelErrorException', details: { originalStatusCode: 400 } },
  ],
  ['that has too much to do', (_, to) => to.writeHead(429).end(), { name: 'ThrottlingException' }],
  [
    'that breaks off',
    streams(piece({ content: 'Hi' }), { error: { message: 'out of memory' } }),
    { name: 'ModelStreamErrorException' },
  ],
])('fails with a server %s', async (_, answer, expected) => {
  handle = answer;
  await expect(ask()).rejects.toMatchObject(expected);
});

test('fails where nobody listens', async () => {
  server.close();
  await expect(ask()).rejects.toMatchObject({
    name: 'ModelErrorException',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});
