import { Readable } from 'node:stream';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { batchInference } from '../../../chat/batch';
import { BASE, chatAnswer } from '../answers';
import { ARN } from './fake-outside';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: Uint8Array;
}

/** AWS's clients, with only the part replaced that opens connections. */
function clients(answer: (sent: Sent) => string) {
  const sent: Sent[] = [];
  const requestHandler = {
    handle: (request: Sent) => {
      sent.push({ method: request.method, path: request.path, query: request.query, body: request.body });
      return Promise.resolve({
        response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(answer(request))]) },
      });
    },
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const settings = { region: 'us-west-2', credentials, requestHandler, maxAttempts: 1 };
  return { sent, bedrock: new BedrockClient(settings), s3: new S3Client({ ...settings, forcePathStyle: true }) };
}

const line = JSON.stringify({ recordId: 'CALL0000001', modelInput: {}, modelOutput: chatAnswer({ content: 'Hello' }) });
const listing = `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>
  <Contents><Key>out/abc123def456/x.jsonl.out</Key></Contents></ListBucketResult>`;

test('a batch goes through S3 and Bedrock’s control plane and comes back', async () => {
  const { sent, ...given } = clients(({ method, path, query }) => {
    if (path === '/model-invocation-job') return JSON.stringify({ jobArn: ARN });
    if (path.startsWith('/model-invocation-job/'))
      return JSON.stringify({ jobArn: ARN, status: 'Completed', processedRecordCount: 1 });
    if (query?.['list-type'] === '2') return listing;
    return method === 'GET' ? line : '';
  });
  const batch = batchInference({ ...given, minimumRequests: 1 });
  const requests = [{ messages: [{ role: 'user', content: 'Hi' }] }];

  const places = { input: 's3://bucket/in/', output: 's3://bucket/out/' };
  const job = await batch.create({
    model: BASE,
    requests,
    ...places,
    roleArn: 'arn:aws:iam::111122223333:role/r',
    jobName: 'one',
  });
  const end = await batch.wait(job);
  const results = await batch.results(job);

  expect(end).toEqual({ status: 'Completed', message: '', processed: 1 });
  expect(results[0]?.completion?.choices[0]?.message.content).toBe('Hello');
  const [upload, create] = sent;
  expect(upload).toMatchObject({ method: 'PUT', path: '/bucket/in/one.jsonl' });
  expect(JSON.parse(new TextDecoder().decode(create?.body))).toEqual({
    jobName: 'one',
    clientRequestToken: 'one',
    modelId: BASE,
    roleArn: 'arn:aws:iam::111122223333:role/r',
    inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://bucket/in/one.jsonl', s3InputFormat: 'JSONL' } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/out/' } },
  });
  expect(sent.slice(2).map(({ path }) => decodeURIComponent(path))).toEqual([
    `/model-invocation-job/${ARN}`,
    '/bucket/',
    '/bucket/out/abc123def456/x.jsonl.out',
  ]);
});
