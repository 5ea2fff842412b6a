import { connect } from 'node:net';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import {
  BedrockClient,
  CreateModelImportJobCommand,
  DeleteImportedModelCommand,
  GetImportedModelCommand,
  GetModelImportJobCommand,
  ListTagsForResourceCommand,
  paginateListImportedModels,
  TagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { Bedrock } from '../../../local/bedrock/bedrock';
import { AdjustableClock } from '../../../local/bedrock/clock';
import { serveBedrock, startBedrockServer, type BedrockServer } from '../../../local/bedrock/server';
import { bedrockTrust, folder, MemoryRoles, MemoryWeights, putFolder, readsFolder, roleArn } from './testbed';

let server: BedrockServer;
let client: BedrockClient;
let runtime: BedrockRuntimeClient;

beforeEach(async () => {
  const clock = new AdjustableClock();
  const weights = new MemoryWeights();
  const roles = new MemoryRoles();
  const switches = { importSeconds: 600, loadSeconds: 0, tokenMilliseconds: 0 };
  putFolder(weights);
  roles.byArn.set(roleArn, { arn: roleArn, createdAt: 0, trust: bedrockTrust, policies: [readsFolder] });
  server = await serveBedrock(new Bedrock({ clock, weights, roles, switches }), clock);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  client = new BedrockClient(options);
  runtime = new BedrockRuntimeClient(options);
});

afterEach(async () => {
  client.destroy();
  runtime.destroy();
  await server.close();
});

const create = (jobName = 'job-1') =>
  client.send(
    new CreateModelImportJobCommand({
      jobName,
      importedModelName: `model-of-${jobName}`,
      roleArn,
      modelDataSource: { s3DataSource: { s3Uri: folder } },
      importedModelTags: [{ key: 'team', value: 'a' }],
    }),
  );

async function importModel(jobName?: string): Promise<string> {
  const { jobArn } = await create(jobName);
  server.clock.advance(600);
  const { importedModelArn } = await client.send(new GetModelImportJobCommand({ jobIdentifier: jobArn }));
  return importedModelArn ?? '';
}

const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }] });
const post = (path: string, content: unknown) =>
  fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(content) });
const ask = (modelId: string) =>
  runtime.send(new InvokeModelCommand({ modelId, contentType: 'application/json', body }));

test('AWS’s JavaScript clients import, find, tag, ask and delete a model', async () => {
  const modelArn = await importModel();
  const model = await client.send(new GetImportedModelCommand({ modelIdentifier: modelArn }));
  expect(model).toMatchObject({ modelArn, modelName: 'model-of-job-1', creationTime: expect.any(Date) as Date });
  await client.send(new TagResourceCommand({ resourceARN: modelArn, tags: [{ key: 'stage', value: 'x' }] }));
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceARN: modelArn }));
  expect(tags).toEqual([{ key: 'team', value: 'a' }, { key: 'stage', value: 'x' }]); // prettier-ignore
  const answer = await ask(modelArn);
  expect(answer.contentType).toBe('application/json');
  expect(JSON.parse(answer.body.transformToString())).toMatchObject({ object: 'chat.completion' });
  await client.send(new DeleteImportedModelCommand({ modelIdentifier: 'model-of-job-1' }));
  await expect(ask(modelArn)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a paginator reads all the pages', async () => {
  server.bedrock.switches.pageSize = 1;
  for (const job of ['job-1', 'job-2', 'job-3']) await importModel(job);
  const names: (string | undefined)[] = [];
  for await (const { modelSummaries = [] } of paginateListImportedModels(
    { client, pageSize: 2 },
    { sortOrder: 'Ascending' },
  )) {
    names.push(...modelSummaries.map(({ modelName }) => modelName));
  }
  expect(names).toEqual(['model-of-job-1', 'model-of-job-2', 'model-of-job-3']);
});

test('a refused call reaches the client with its exception name and code', async () => {
  await create('job-1');
  await expect(create('job-2')).rejects.toMatchObject({
    name: 'ServiceQuotaExceededException',
    $metadata: { httpStatusCode: 400 },
  });
  await expect(create('a_b')).rejects.toMatchObject({ name: 'ValidationException' });
});

test.each([
  ['as it is', (arn: string) => arn],
  ['encoded', encodeURIComponent],
  ['with its slash encoded', (arn: string) => arn.replace('/', '%2F')],
])('an ARN in the path is understood %s', async (_, write) => {
  const modelArn = await importModel();
  const response = await fetch(`${server.url}/imported-models/${write(modelArn)}`);
  expect(await response.json()).toMatchObject({ modelArn });
  const answer = await fetch(`${server.url}/model/${write(modelArn)}/invoke`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(await answer.json()).toMatchObject({ object: 'chat.completion' });
});

test.each([
  ['timeout-before', 0],
  ['timeout-after', 1],
] as const)('a call with %s fails without an answer, having made %i jobs', async (kind, made) => {
  await post('/_bedrock/faults', [{ kind, operation: 'CreateModelImportJob' }]);
  await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect((await server.bedrock.look()).jobs).toHaveLength(made);
});

test('a cut HTTP/2 connection fails its call, and the client’s next call makes a new one', async () => {
  const modelArn = await importModel();
  server.bedrock.faults.add({ kind: 'timeout-after', operation: 'InvokeModel' });
  await expect(ask(modelArn)).rejects.toThrow();
  await expect(ask(modelArn)).resolves.toMatchObject({ contentType: 'application/json' });
});

test('unknown paths and unreadable bodies fail with a message', async () => {
  expect((await fetch(`${server.url}/foundation-models`)).status).toBe(404);
  const broken = await fetch(`${server.url}/model-import-jobs`, { method: 'POST', body: '{' });
  expect(broken.headers.get('x-amzn-errortype')).toBe('ValidationException');
  expect(await broken.json()).toEqual({ message: expect.stringContaining("Value null at 'jobName'") as string });
});

describe('the admin endpoints', () => {
  test('tell the state, move the clock and forget', async () => {
    await create();
    await post('/_bedrock/clock', { advance: 600, scale: 10 });
    const state: unknown = await (await fetch(`${server.url}/_bedrock/state`)).json();
    expect(state).toMatchObject({
      scale: 10,
      calls: [{ operation: 'CreateModelImportJob', outcome: 'ok' }],
      jobs: [{ status: 'Completed', request: { jobName: 'job-1' } }],
      models: [{ name: 'model-of-job-1', deleted: false, tags: { team: 'a' } }],
    });
    await post('/_bedrock/reset', {});
    expect(await (await fetch(`${server.url}/_bedrock/state`)).json()).toMatchObject({
      calls: [],
      jobs: [],
      models: [],
    });
  });

  test('set switches, and refuse what is none', async () => {
    const set = await post('/_bedrock/switches', { maxModels: 5 });
    expect([set.status, server.bedrock.switches.maxModels]).toEqual([200, 5]);
    const refused = await post('/_bedrock/switches', { maxModel: 5 });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ message: expect.stringContaining("no switch 'maxModel'") as string });
  });

  test('answer about health, and with 404 and 400 about nonsense', async () => {
    expect(await (await fetch(`${server.url}/_bedrock/health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${server.url}/_bedrock/wealth`)).status).toBe(404);
    expect((await post('/_bedrock/faults', { kind: 'flood' })).status).toBe(400);
    expect((await post('/_bedrock/clock', { advance: -1 })).status).toBe(400);
  });
});

test('closing does not wait for idle connections of any kind', async () => {
  const modelArn = await importModel();
  await ask(modelArn);
  const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
  const session = connectHttp2(server.url).on('error', () => undefined);
  await Promise.all([once(silent, 'connect'), once(session, 'remoteSettings')]);
  const started = performance.now();
  await server.close();
  await server.close();
  expect(performance.now() - started).toBeLessThan(1000);
});

test('starting fails on a port that is taken', async () => {
  await expect(startBedrockServer({ port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
});
