import { importedModels } from '../../lambda/imported-model/handler';
import { FakeOutside } from './fake-outside';
import { failed, MINUTE, saying, STACK } from './fixtures';
import { event, handle, QUERY_INTERVAL, Waiter } from './framework';

function world(): FakeOutside {
  const outside = new FakeOutside();
  outside.upload('s3://weights/v1/');
  return outside;
}

const onEvent = (outside: FakeOutside, properties = {}) => importedModels(outside).onEvent(event('Create', properties));

describe('when a request comes', () => {
  test('nothing is changed, and Bedrock is not called', async () => {
    const outside = world();
    expect(await onEvent(outside)).toEqual({
      Started: expect.any(Number) as unknown,
      Stack: outside.stack,
      CameWith: '',
      PhysicalResourceId: saying('gpt-oss-20b-'),
    });
    expect([outside.effects, outside.calls]).toEqual([[], []]);
  });

  test('an update notes the model it came with, which the framework forgets', async () => {
    const request = event('Update', {}, { PhysicalResourceId: 'gpt-oss-20b-aaaaaaaaaa' });
    const answer = await importedModels(world()).onEvent(request);
    expect(answer.CameWith).toBe('gpt-oss-20b-aaaaaaaaaa');
    expect(answer.PhysicalResourceId).not.toBe('gpt-oss-20b-aaaaaaaaaa');
  });

  test('a delete keeps its id, or the framework refuses it, and asks nobody', async () => {
    const outside = world();
    const request = event('Delete', {}, { PhysicalResourceId: 'Shop-Model-1ABCDEFGHIJKL' });
    outside.refusals.push(failed('denied', 'no', 'DescribeStacks'));
    expect(await importedModels(outside).onEvent(request)).toMatchObject({
      PhysicalResourceId: 'Shop-Model-1ABCDEFGHIJKL',
    });
  });

  test('fails outside of the Regions, and says what to do', async () => {
    const message = saying('us-west-2, eu-central-1', 'this stack is in us-east-1', "'cdk-bedrock-gpt-oss:regions'");
    await expect(onEvent(world(), { Regions: ['us-west-2', 'eu-central-1'] })).rejects.toMatchObject({
      message,
      stack: 'see the message',
    });
  });

  test('goes on in any Region when none are given', async () => {
    await expect(onEvent(world(), { Regions: [] })).resolves.toMatchObject({ PhysicalResourceId: saying('gpt-oss') });
  });

  test('fails for a property that is missing, in one line', async () => {
    await expect(onEvent(world(), { Bucket: '' })).rejects.toMatchObject({
      message: saying("'Bucket' is missing"),
      stack: 'see the message',
    });
  });

  test.each(['passing', 'denied'] as const)('asks for the stack again when it was refused as %s', async (kind) => {
    const outside = world();
    const { now } = outside;
    const began = now();
    outside.refusals.push(...Array.from({ length: 9 }, () => failed(kind, 'no', 'DescribeStacks')));
    expect(await onEvent(outside)).toMatchObject({ Stack: outside.stack, Started: now() });
    expect(now() - began).toBeLessThan(20_000);
  });

  test.each([
    ['denied', "handler's role"],
    ['passing', 'deploy again'],
  ] as const)('fails when the stack was refused as %s for 20 seconds', async (kind, remedy) => {
    const outside = world();
    const began = outside.now();
    outside.refusals.push(...Array.from({ length: 99 }, () => failed(kind, 'Refused: no', 'DescribeStacks')));
    const message = saying('DescribeStacks failed for model gpt-oss-20b-', 'Refused: no', 'Next: ', remedy);
    await expect(onEvent(outside)).rejects.toMatchObject({ message, stack: 'see the message' });
    expect(outside.now() - began).toBeGreaterThan(20_000);
    expect(outside.now() - began).toBeLessThan(25_000);
  });

  test('fails with a bug of ours in words, and tells the log where it is', async () => {
    const outside = world();
    outside.stacks.moment = () => Promise.reject(new RangeError('out of range'));
    const message = saying('broke off for model gpt-oss-20b-', 'RangeError: out of range', 'Next: ');
    await expect(onEvent(outside)).rejects.toMatchObject({ message, stack: 'see the message' });
    expect(outside.lines).toMatchObject([
      { type: 'Create', model: saying('gpt-oss-20b-'), bug: saying('RangeError', 'handler.test.ts') },
    ]);
  });

  test('fails at once when no waiting makes the stack readable', async () => {
    const outside = world();
    const began = outside.now();
    outside.refusals.push(failed('invalid', 'no such stack', 'DescribeStacks'));
    await expect(onEvent(outside)).rejects.toMatchObject({
      message: saying('gpt-oss-20b-', 'no such stack', 'Next: '),
    });
    expect(outside.now() - began).toBe(outside.millisecondsPerCall);
  });
});

describe('a poll', () => {
  test('makes exactly one call to Bedrock while the job runs', async () => {
    const outside = world();
    const waiter = await new Waiter(outside, event('Create')).begin();
    outside.pass(QUERY_INTERVAL);
    await waiter.poll();
    expect(outside.effects).toHaveLength(1);
    const before = outside.calls.length;
    for (let poll = 0; poll < 40; poll += 1) {
      outside.pass(QUERY_INTERVAL);
      expect(await waiter.poll()).toBeUndefined();
    }
    expect(outside.calls.slice(before)).toEqual(Array(40).fill('GetModelImportJob'));
  });

  test('stops looking after 20 seconds and says "not yet"', async () => {
    const outside = world();
    const waiter = await new Waiter(outside, event('Create')).begin();
    outside.pass(QUERY_INTERVAL);
    outside.millisecondsPerCall = 11_000;
    expect(await waiter.poll()).toBeUndefined();
    expect(outside.calls).toEqual(['GetModelImportJob', 'GetImportedModel']);
  });

  test('that finds more models than it can ask for in 20 seconds says "not yet", and why', async () => {
    const outside = world();
    for (let n = 0; n < 40; n += 1) outside.strangersModel(`theirs-${n}`);
    outside.stack = { ...outside.stack, status: 'DELETE_IN_PROGRESS' };
    const request = event('Delete', {}, { PhysicalResourceId: 'gpt-oss-20b-aaaaaaaaaa' });
    const waiter = await new Waiter(outside, request).begin();
    const began = outside.now();
    outside.millisecondsPerCall = 1000;
    expect(await waiter.poll()).toBeUndefined();
    expect(outside.now() - began).toBe(21_000);
    expect(outside.lines.at(-1)).toMatchObject({ next: 'wait', why: saying('ListTagsForResource', 'of 40') });
  });

  test('fails with a bug of ours instead of waiting it out, and tells the log where it is', async () => {
    const outside = world();
    const waiter = await new Waiter(outside, event('Create')).begin();
    outside.folder = () => {
      throw new TypeError('x is not a function'.repeat(500));
    };
    const answer = await waiter.poll();
    expect(answer).toMatchObject({
      status: 'FAILED',
      error: {
        message: saying(waiter.physicalId, 'TypeError: x is not a function', 'Next: '),
        stack: 'see the message',
      },
    });
    expect(Buffer.byteLength(answer?.error?.message ?? '')).toBeLessThan(3100);
    expect(outside.lines.at(-1)).toMatchObject({
      model: waiter.physicalId,
      bug: saying('TypeError', 'handler.test.ts'),
    });
  });

  test('that carries nothing noted makes no job', async () => {
    const outside = world();
    const poll = () => importedModels(outside).isComplete(event('Create'));
    expect(await poll()).toEqual({ IsComplete: false });
    outside.pass(MINUTE);
    expect(await poll()).toEqual({ IsComplete: false });
    expect(outside.effects).toEqual([]);
  });
});

describe("a failure's answer fits CloudFormation's 4,096 bytes", () => {
  /** As the framework puts it together; the function's name has Lambda's full length. */
  function answerBytes(error: Error, physicalId: string): number {
    const message = [error.message, '', `Logs: /aws/lambda/${'f'.repeat(64)}`, ''].join('\n');
    const trace = (error.stack ?? '').split('\n');
    const answer = {
      Status: 'FAILED',
      Reason: [message, ...trace.slice(1)].join('\n'),
      StackId: STACK.replace('Shop', 'S'.repeat(128)),
      RequestId: '00000000-0000-4000-8000-000000000001',
      PhysicalResourceId: physicalId,
      LogicalResourceId: 'L'.repeat(255),
    };
    return Buffer.byteLength(JSON.stringify(answer));
  }

  test.each([
    ['short', 'no access', 'no access'],
    ['as long as Bedrock may write', 'x'.repeat(2048), 'Next: '],
    ['of wide characters', '模型'.repeat(1024), '模型'],
    ['of emoji, cut in between', `x${'🦙'.repeat(1024)}`, '🦙'],
    ['of quotation marks', '"'.repeat(2048), 'could not import'],
    ['of lines', '\n'.repeat(2048), 'could not import'],
    ['of control characters', '\u0001'.repeat(2048), 'could not import'],
  ])('when the message is %s', async (_, failure, kept) => {
    const outside = world();
    outside.failures.push(failure);
    const { error, physicalId } = await handle(outside, event('Create', { WaitForUpload: 'true' }));
    expect(error?.message).toContain(kept);
    expect(error?.message).toMatch(/Next: .* stays in bucket .*ModelSource.s3\(.*\.$/);
    expect(Buffer.byteLength(error?.message ?? '')).toBeLessThan(3100);
    expect(error?.stack).toBe('see the message');
    expect(answerBytes(error ?? new Error(), physicalId)).toBeLessThan(4096);
  });
});

describe('the log', () => {
  test('alone tells the story of an import', async () => {
    const outside = new FakeOutside();
    outside.strangersJob('theirs', 4);
    const waiter = await new Waiter(outside, event('Create', { WaitForUpload: 'true' })).begin();
    await waiter.poll();
    outside.upload('s3://weights/v1/');
    outside.pass(QUERY_INTERVAL);
    await waiter.toEnd();
    const told = outside.lines.map(({ next, why }) =>
      [next, why].filter((word) => typeof word === 'string').join(': '),
    );
    const chapters = [...new Set(told)].filter((line) => line !== 'look');
    expect(chapters).toEqual([
      saying('wait: waiting for weights: s3://weights/v1/ is empty; to upload: bedrock-gpt-oss upload'),
      saying('wait: model gpt-oss-20b-', 'waits in line', 'theirs'),
      'create',
      saying('wait: import job gpt-oss-20b-', 'makes model gpt-oss-20b-'),
      'finish: the model is there',
    ]);
  });

  test('says in every line whose story it is, and what has been seen', async () => {
    const outside = world();
    const request = event('Create');
    const { physicalId } = await handle(outside, request);
    for (const line of outside.lines) {
      expect(line).toMatchObject({ request: request.RequestId, type: 'Create', resource: 'Model', model: physicalId });
    }
    expect(outside.lines.slice(0, 3)).toMatchObject([
      { next: 'look', at: 'job', seen: [] },
      { next: 'look', at: 'model', seen: ['job'] },
      { next: 'look', at: 'upload', seen: ['job', 'model'] },
    ]);
  });

  test('never holds the signed address of the answer, nor properties or tags', async () => {
    const outside = world();
    await handle(outside, event('Create', { Tags: [{ Key: 'token', Value: 'secret' }], Another: 'secret' }));
    expect(outside.lines.length).toBeGreaterThan(10);
    expect(JSON.stringify(outside.lines)).not.toMatch(/secret|X-Amz-Signature/);
  });
});
