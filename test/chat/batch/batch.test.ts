import { BatchNotCompleted } from '../../../chat/batch';
import { batchOver, type BatchOptions } from '../../../chat/batch/batch';
import type { BatchProgress } from '../../../chat/batch/port';
import { BASE, chatAnswer, IMPORTED } from '../answers';
import { virtualClock } from '../virtual-clock';
import { ARN, fakeOutside } from './fake-outside';

const requests = Array.from({ length: 100 }, (_, index) => ({
  model: 'gpt-oss',
  messages: [{ role: 'user', content: `Question ${index}` }],
  max_tokens: 20,
}));
const order = { model: BASE, requests, input: 's3://bucket/in', output: 's3://bucket/out/', roleArn: 'arn:role' };

function setUp(options: BatchOptions = {}, ...looks: BatchProgress[]) {
  const fake = fakeOutside(...looks);
  const clock = virtualClock();
  return { ...fake, clock, batch: batchOver(fake.outside, options, clock) };
}

function progress(status: string, processed = 0, message = ''): BatchProgress {
  return { status, processed, message };
}

describe('the file of a batch', () => {
  test('has a line for each request, in Bedrock’s form, with an id that tells its position', () => {
    const lines = setUp().batch.write(requests).split('\n');

    expect(lines).toHaveLength(101);
    expect(lines[100]).toBe('');
    expect(JSON.parse(lines[41] ?? '')).toEqual({
      recordId: 'CALL0000042',
      modelInput: { messages: [{ role: 'user', content: 'Question 41' }], max_completion_tokens: 20 },
    });
  });

  test.each<[string, object, RegExp]>([
    ['stream', { stream: true }, /requests\[7\]: 'stream' must be false/],
    ['a field that Bedrock has not', { user: 'u' }, /requests\[7\]: Unsupported field: 'user'/],
    ['an image', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, /requests\[7\]:.*text only/],
    ['a service tier', { service_tier: 'flex' }, /requests\[7\]: 'service_tier'/],
  ])('fails on %s, saying in which request', (_, fields, message) => {
    const wrong = requests.map((request, index) => (index === 7 ? { ...request, ...fields } : request));

    expect(() => setUp().batch.write(wrong)).toThrow(message);
  });

  test('fails with fewer requests than the quota asks for', () => {
    expect(() => setUp().batch.write(requests.slice(1))).toThrow('at least 100 requests, got 99');
    expect(setUp({ minimumRequests: 1 }).batch.write(requests.slice(99)).split('\n')).toHaveLength(2);
  });

  test('fails when it gets too large for the memory', () => {
    const [request] = requests;
    const large = { ...request, messages: [{ role: 'user', content: 'x'.repeat(21_000_000) }] };

    expect(() => setUp({ minimumRequests: 1 }).batch.write(Array(10).fill(large))).toThrow(
      'over 200 MB at requests[9]',
    );
  });
});

describe('a batch', () => {
  test('is uploaded and started', async () => {
    const { batch, objects, orders } = setUp();

    const job = await batch.create({ ...order, jobName: 'night+1', timeoutHours: 48, outputKeyArn: 'arn:key' });

    expect(job).toEqual({ arn: ARN, model: BASE, requests: 100, output: 's3://bucket/out/abc123def456/' });
    expect([...objects.keys()]).toEqual(['s3://bucket/in/night+1.jsonl']);
    expect(orders).toEqual([
      {
        jobName: 'night+1',
        token: 'night-1',
        modelId: BASE,
        roleArn: 'arn:role',
        inputUri: 's3://bucket/in/night+1.jsonl',
        outputUri: 's3://bucket/out/',
        outputKeyArn: 'arn:key',
        timeoutHours: 48,
      },
    ]);
  });

  test.each<[string, object, RegExp]>([
    [
      'an imported model, which Bedrock has no batches for',
      { model: IMPORTED },
      /no batch inference for imported models/,
    ],
    ['a model that is none', { model: 'gpt-4o' }, /neither the ARN/],
    ['a model without its version', { model: 'openai.gpt-oss-20b' }, /did you mean 'openai.gpt-oss-20b-1:0'/],
    ['an input that is no folder', { input: 'bucket/in' }, /'input' must be a folder/],
    ['an output that is no folder', { output: 's3://B/' }, /'output' must be a folder/],
    ['a name that Bedrock refuses', { jobName: 'my_job' }, /'jobName' must be/],
    ['too few requests', { requests: [] }, /at least 100/],
  ])('fails with %s, before anything is uploaded', async (_, wrong, message) => {
    const { batch, objects, orders } = setUp();

    await expect(batch.create({ ...order, ...wrong })).rejects.toThrow(message);
    expect(objects.size + orders.length).toBe(0);
  });

  test('is waited for through all that it goes through', async () => {
    const ends = [
      progress('Submitted'),
      progress('Validating'),
      progress('InProgress', 40),
      progress('Completed', 100),
    ];
    const { batch, clock } = setUp({}, ...ends);
    const seen: string[] = [];

    const end = await batch.wait(await batch.create(order), { onProgress: ({ status }) => seen.push(status) });

    expect(end.processed).toBe(100);
    expect(seen).toEqual(['Submitted', 'Validating', 'InProgress', 'Completed']);
    expect(clock.elapsed()).toBe(90_000);
  });

  test.each(['Failed', 'Stopped', 'Expired'])('fails that ends as %s, with what Bedrock says', async (status) => {
    const { batch } = setUp({}, progress('InProgress'), progress(status, 3, 'no access to the bucket'));

    const waiting = batch.wait(await batch.create(order));

    await expect(waiting).rejects.toBeInstanceOf(BatchNotCompleted);
    await expect(waiting).rejects.toThrow(`ended as ${status}: no access to the bucket`);
  });

  test('is not waited for any longer once the caller aborts', async () => {
    const { batch, looked } = setUp({}, progress('InProgress'));
    const abort = new AbortController();

    const waiting = batch.wait(await batch.create(order), {
      signal: abort.signal,
      onProgress: () => {
        if (looked() === 3) abort.abort();
      },
    });

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(looked()).toBe(3);
  });
});

describe('the results of a batch', () => {
  const record = (position: number, more: object) =>
    JSON.stringify({ recordId: `CALL${String(position + 1).padStart(7, '0')}`, modelInput: {}, ...more });
  const said = (content: string) => ({ modelOutput: chatAnswer({ content }) });

  test('are joined to the requests in order, whatever the files’ order is', async () => {
    const { batch, objects } = setUp();
    const job = await batch.create(order);
    const failed = record(2, { error: { errorCode: 400, errorMessage: 'bad request' } });
    objects.set(`${job.output}b.jsonl.out`, [record(99, said('é last')), failed, ''].join('\n'));
    objects.set(
      `${job.output}a.jsonl.out`,
      [
        record(1, said('<reasoning>Hm</reasoning>two')),
        record(0, said('one')),
        record(3, {}),
        'no json',
        record(100, said('?')),
      ].join('\n'),
    );
    objects.set(`${job.output}manifest.json.out`, '{"totalRecordCount":100}');

    const results = await batch.results(job);

    expect(results).toHaveLength(100);
    expect(results.map(({ completion }) => completion?.choices[0]?.message.content).filter(Boolean)).toEqual([
      'one',
      'two',
      'é last',
    ]);
    expect(results[1]?.completion?.choices[0]?.message.reasoning_content).toBe('Hm');
    expect(results[2]).toEqual({ error: { code: 400, message: 'bad request' } });
    expect(results[3]?.error?.message).toMatch(/no completion/);
    expect(results[4]).toEqual({ error: { message: 'Bedrock wrote no answer for this request' } });
  });
});
