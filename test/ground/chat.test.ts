import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { BedrockClient, CreateModelImportJobCommand, GetModelImportJobCommand } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { bedrockFetch, type BedrockFetchOptions, type Waiting } from '../../chat';
import { uploadFolder } from '../../local/buckets';
import { aws, bedrock } from '../../local/clients';
import { onGround, startGround, type Ground } from '../../local/ground';
import { localFolder } from '../../local/paths';
import { writeSampleWeights } from '../../local/sample-weights';
import { stackStatus } from '../../local/stacks';
import { sitAt, type Sitting } from '../bin/cli/chat-program';
import { bedrockTrust, readsFolder } from '../local/bedrock/testbed';
import { eventually } from './harness';

jest.setTimeout(240_000);

const SWITCHES = { roleDelaySeconds: 0, importSeconds: 0.5, loadSeconds: 1, tokenMilliseconds: 1 };
const BASE = 'openai.gpt-oss-20b-1:0';

let ground: Ground;
let runtime: BedrockRuntimeClient;
let imported: string;

beforeAll(async () => {
  ground = await startGround({ switches: SWITCHES });
  runtime = new BedrockRuntimeClient({ ...bedrock(ground), maxAttempts: 1 });
  imported = await importModel();
});

beforeEach(() => {
  Object.assign(ground.bedrock.bedrock.switches, SWITCHES);
  ground.bedrock.bedrock.faults.clear();
});

afterAll(async () => {
  runtime.destroy();
  await ground.stop();
});

/** A model that came from S3 by an import job, as every model on the ground does. */
async function importModel(): Promise<string> {
  await uploadSample();
  const iam = new IAMClient(aws(ground));
  const document = (policy: object) => JSON.stringify({ Version: '2012-10-17', ...policy });
  const role = { RoleName: 'import', AssumeRolePolicyDocument: document(bedrockTrust) };
  const roleArn = (await iam.send(new CreateRoleCommand(role))).Role?.Arn ?? '';
  const reads = { RoleName: 'import', PolicyName: 'reads', PolicyDocument: document(readsFolder) };
  await iam.send(new PutRolePolicyCommand(reads));
  iam.destroy();
  const client = new BedrockClient(bedrock(ground));
  const modelDataSource = { s3DataSource: { s3Uri: 's3://weights/med/' } };
  const request = { jobName: 'job', importedModelName: 'med', roleArn, modelDataSource };
  const { jobArn } = await client.send(new CreateModelImportJobCommand(request));
  let modelArn = '';
  await eventually('the import ends', async () => {
    const job = await client.send(new GetModelImportJobCommand({ jobIdentifier: jobArn }));
    if (job.status === 'Failed') throw new Error(job.failureMessage);
    modelArn = job.importedModelArn ?? '';
    return job.status === 'Completed';
  });
  client.destroy();
  return modelArn;
}

async function uploadSample(): Promise<void> {
  const s3 = new S3Client({ ...aws(ground), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'weights' }));
  s3.destroy();
  mkdirSync(localFolder('run'), { recursive: true });
  const folder = mkdtempSync(localFolder('run', 'weights-'));
  try {
    await writeSampleWeights(folder);
    await uploadFolder(ground, folder, { bucket: 'weights', prefix: 'med/' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** OpenAI's own client, with one line changed. */
function client(options: BedrockFetchOptions): OpenAI {
  return new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: bedrockFetch({ client: runtime, ...options }) });
}

const hello = { model: 'gpt-oss', messages: [{ role: 'user' as const, content: 'Sing “la”.' }] };
const answer = /^Hello from the Bedrock emulator.*“Sing “la”.”$/;

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', minLength: 2 }, days: { type: 'integer', minimum: 1 } },
      required: ['city', 'days'],
    },
  },
};
const Weather = z.object({ city: z.string().min(2), days: z.number().int().min(1) });

describe.each<[string, () => BedrockFetchOptions]>([
  ['an imported model', () => ({ model: imported })],
  ['a base model by InvokeModel', () => ({ model: BASE })],
  ['a base model by Converse', () => ({ model: BASE, api: 'converse' })],
  [
    'a base model by Bedrock’s OpenAI endpoint',
    () => ({ model: BASE, api: 'chat-completions', endpoint: `${ground.bedrock.url}/openai/v1` }),
  ],
])('the openai package talks to %s', (_, options) => {
  test('and gets a whole answer, with the reasoning apart', async () => {
    const { choices, usage } = await client(options()).chat.completions.create(hello);

    expect(choices).toMatchObject([
      { finish_reason: 'stop', message: { content: expect.stringMatching(answer) as string } },
    ]);
    expect(choices[0]?.message).toMatchObject({ reasoning_content: expect.stringContaining('No model') as string });
    expect(usage?.prompt_tokens).toBe(2);
  });

  test('and gets a stream, piece by piece, with its usage', async () => {
    const stream = await client(options()).chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content;
      if (text) pieces.push(text);
      usage = chunk.usage ?? usage;
    }

    expect(pieces.join('')).toMatch(answer);
    expect(pieces.length).toBeGreaterThan(5);
    expect(usage?.prompt_tokens).toBe(2);
  });

  test('and lets it call a tool', async () => {
    const openai = client(options());
    const messages: OpenAI.ChatCompletionMessageParam[] = [...hello.messages];
    const asked = await openai.chat.completions.create({ model: 'gpt-oss', messages, tools: [weather] });
    const [choice] = asked.choices;
    const [call] = choice?.message.tool_calls ?? [];
    if (!choice || call?.type !== 'function') throw new Error(JSON.stringify(asked));
    expect(choice.finish_reason).toBe('tool_calls');
    expect(() => Weather.parse(JSON.parse(call.function.arguments))).not.toThrow();

    messages.push(choice.message, { role: 'tool', tool_call_id: call.id, content: 'Rain.' });
    const told = await openai.chat.completions.create({ model: 'gpt-oss', messages, tools: [weather] });

    expect(told.choices[0]?.message.content).toContain('The tool answered: “Rain.”');
  });

  test('and runs tools by itself, in a stream', async () => {
    const seen: unknown[] = [];
    const tool = {
      type: 'function' as const,
      function: {
        ...weather.function,
        description: 'Weather of a city',
        parse: (text: string) => Weather.parse(JSON.parse(text)),
        function: (given: object) => {
          seen.push(given);
          return 'Snow.';
        },
      },
    };
    const runner = client(options()).chat.completions.runTools({ ...hello, stream: true, tools: [tool] });

    expect(await runner.finalContent()).toContain('“Snow.”');
    expect(seen).toEqual([{ city: expect.any(String) as string, days: 1 }]);
  });

  test('and fails with a rate limit, an access denied and an unknown model', async () => {
    const operation = options().api === 'converse' ? 'Converse' : 'InvokeModel';
    const { faults } = ground.bedrock.bedrock;
    const ask = (more: BedrockFetchOptions = {}) =>
      client({ ...options(), maxRetries: 0, ...more }).chat.completions.create(hello);
    faults.add({ kind: 'throttle', operation });
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    faults.add({ kind: 'access-denied', operation });
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
    faults.add({ kind: 'error', operation, error: 'ExpiredTokenException' });
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    faults.add({ kind: 'error', operation, error: 'ResourceNotFoundException' });
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  test.each(['stream-error', 'stream-cut', 'stream-truncated', 'stream-corrupt'] as const)(
    'and fails in the middle of a stream: %s',
    async (kind) => {
      const operation = options().api === 'converse' ? 'ConverseStream' : 'InvokeModelWithResponseStream';
      ground.bedrock.bedrock.faults.add({ kind, operation, afterFrames: 20 });
      let text = '';
      const reading = (async () => {
        for await (const { choices } of await client(options()).chat.completions.create({ ...hello, stream: true })) {
          text += choices[0]?.delta.content ?? '';
        }
      })();

      await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
      expect(text).toMatch(/^Hello/);
    },
  );
});

test('a stream that falls silent fails after the time that one is ready to wait', async () => {
  ground.bedrock.bedrock.faults.add({ kind: 'stream-stall', operation: 'InvokeModelWithResponseStream' });
  const openai = client({ model: BASE, idleTimeout: 300 });
  const reading = openai.chat.completions.stream({ ...hello, stream: true }).done();

  await expect(reading).rejects.toMatchObject({ code: 'timeout' });
});

test('a server that never answers fails after the time that one is ready to wait', async () => {
  ground.bedrock.bedrock.faults.add({ kind: 'slow', operation: 'InvokeModel', milliseconds: 3_000 });
  const asking = client({ model: BASE, timeout: 300 }).chat.completions.create(hello);

  await expect(asking).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
});

describe.each<[string, () => string]>([
  ['an imported model', () => imported],
  ['a base model', () => BASE],
])('structured output of %s', (_, model) => {
  test('is valid under its schema', async () => {
    const Recipe = z.object({
      name: z.string().min(3),
      steps: z.array(z.object({ text: z.string(), minutes: z.number().int().min(1).max(60) })).min(1),
      kind: z.enum(['soup', 'cake']),
      source: z.string().nullable(),
    });
    const completion = await client({ model: model() }).chat.completions.parse({
      ...hello,
      response_format: zodResponseFormat(Recipe, 'recipe'),
    });

    expect(completion.choices[0]?.message.parsed).toMatchObject({ kind: 'soup', steps: [{ minutes: 1 }] });
  });
});

/** Long enough for every model to be unloaded, also for one that was only being loaded. */
function idle(): void {
  ground.bedrock.clock.advance(400);
}

describe('an imported model that is not loaded', () => {
  test('is waited for, and answers', async () => {
    idle();
    const waits: Waiting[] = [];
    const openai = client({ model: imported, coldStart: { onWait: (waiting) => waits.push(waiting) } });

    const { choices } = await openai.chat.completions.create(hello);

    expect(choices[0]?.message.content).toMatch(answer);
    expect(waits.length).toBeGreaterThan(0);
    const { calls } = ground.bedrock.bedrock;
    expect(calls.filter(({ outcome }) => outcome === 'ModelNotReadyException').length).toBeGreaterThan(0);
  });

  test('fails after the time that one is ready to wait', async () => {
    idle();
    ground.bedrock.bedrock.switches.loadSeconds = 60;
    const asking = client({ model: imported, coldStart: { timeout: 0 } }).chat.completions.create(hello);

    await expect(asking).rejects.toMatchObject({ status: 503 });
  });
});

describe('the program, on a terminal', () => {
  const [ENTER, CTRL_D] = ['\r', '\u0004'];
  let folder: string;
  let sitting: Sitting | undefined;

  beforeAll(async () => {
    mkdirSync(localFolder('run'), { recursive: true });
    folder = mkdtempSync(localFolder('run', 'chat-'));
    const cloudFormation = new CloudFormationClient(aws(ground));
    const template = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: { MedModelArn0A1B2C3D: { Value: imported } },
    };
    await cloudFormation.send(new CreateStackCommand({ StackName: 'App', TemplateBody: JSON.stringify(template) }));
    cloudFormation.destroy();
    await eventually('the stack is there', async () => (await stackStatus(ground, 'App')) === 'CREATE_COMPLETE');
  });

  afterEach(() => {
    sitting?.leave();
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each<[string, string[]]>([
    ['its name', ['med']],
    ['an output of a stack', ['MedModelArn', '--stack', 'App']],
  ])('waits for a cold model, which is named by %s, and has tools and a history', async (_, model) => {
    idle();
    const tool = join(folder, 'tool.json');
    writeFileSync(tool, JSON.stringify(weather));
    const { sees, types, ended } = (sitting = await sitAt([...model, '--tool', tool], onGround(ground)));

    await sees('> ');
    types(`Sing “la”.${ENTER}`);
    await sees('model is loading (0 s)');
    await sees('\u001b[2mNo\u001b[22m');
    await sees('get_weather');
    await sees('result of get_weather> ');
    types(`Rain.${ENTER}`);
    await sees('The tool answered: “Rain.”');
    await sees('> ');
    types(CTRL_D);

    expect(await ended()).toBe(0);
    const { calls } = ground.bedrock.bedrock;
    expect(calls.slice(-1)).toMatchObject([{ operation: 'InvokeModelWithResponseStream', outcome: 'ok' }]);
    expect(calls.slice(-3).map(({ outcome }) => outcome)).toContain('ModelNotReadyException');
  });

  test('fails for a stack, and an output, that there is not, with those that there are', async () => {
    const none = (sitting = await sitAt(['ModelArn', '--stack', 'Ap'], onGround(ground)));
    await none.sees("there is no stack 'Ap'");
    expect(await none.ended()).toBe(2);
    const other = (sitting = await sitAt(['ModelArn', '--stack', 'App'], onGround(ground)));
    await other.sees('MedModelArn0A1B2C3D');
    expect(await other.ended()).toBe(2);
  });
});

describe('a stream of an imported model whose objects are', () => {
  beforeAll(idle);

  test.each([
    ['chunks of OpenAI', { streamShape: 'openai' }],
    ['text completions', { streamShape: 'text-completion' }],
    ['Bedrock’s own completions', { streamShape: 'generation' }],
    ['one final object', { streamShape: 'final-object' }],
    ['cut in the middle of a character', { streamFrames: 'part' }],
    ['two in a frame', { streamFrames: 'two-objects' }],
    ['server-sent events', { streamFrames: 'events' }],
    ['without metrics', { streamMetrics: 'none' }],
    ['with metrics in the last one', { streamMetrics: 'in-chunk' }],
    ['with reasoning in tags', { importedReasoning: 'tags' }],
    ['with reasoning as the model writes it', { importedReasoning: 'harmony' }],
  ] as const)('%s', async (_, switches) => {
    Object.assign(ground.bedrock.bedrock.switches, switches, { loadSeconds: 0 });
    const stream = await client({ model: imported }).chat.completions.create({ ...hello, stream: true });
    let text = '';
    let end: string | null | undefined;
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      end = choices[0]?.finish_reason ?? end;
    }

    expect([text, end]).toEqual([expect.stringMatching(answer), 'stop']);
  });
});
