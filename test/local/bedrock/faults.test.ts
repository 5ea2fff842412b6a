import { parseFault } from '../../../local/bedrock/faults';
import { parseSwitches } from '../../../local/bedrock/switches';
import { testbed } from './testbed';

const operation = 'CreateModelImportJob';

test.each([
  ['throttle', 'ThrottlingException', 0],
  ['server-error', 'InternalServerException', 0],
  ['access-denied', 'AccessDeniedException', 0],
  ['timeout-before', 'ConnectionCut', 0],
  ['timeout-after', 'ConnectionCut', 1],
] as const)('a call with the fault %s fails with %s, once, having made %i jobs', async (kind, name, made) => {
  const { bedrock, create } = testbed();
  bedrock.faults.add({ kind, operation });
  await expect(create('job-1')).rejects.toMatchObject({ name });
  expect((await bedrock.look()).jobs).toHaveLength(made);
  expect(bedrock.faults.pending).toEqual([]);
  const left = bedrock.calls.map(({ outcome }) => outcome);
  expect(left).toEqual([name === 'ConnectionCut' ? 'cut' : name]);
});

test('a fault strikes its own operation, and as often as told', async () => {
  const { bedrock } = testbed();
  bedrock.faults.add({ kind: 'throttle', operation: 'ListImportedModels', times: 2 });
  await bedrock.call('ListModelImportJobs', {});
  const list = () => bedrock.call('ListImportedModels', {});
  await expect(list()).rejects.toThrow('Too many requests');
  await expect(list()).rejects.toThrow('Too many requests');
  await expect(list()).resolves.toEqual({ modelSummaries: [] });
});

test('a slow call waits by the clock', async () => {
  const { bedrock, clock } = testbed();
  const before = clock.now();
  bedrock.faults.add({ kind: 'slow', operation: 'ListImportedModels', milliseconds: 2500 });
  await bedrock.call('ListImportedModels', {});
  expect(clock.now() - before).toBe(2500);
});

test('a job that is told to fail does so, with the message it was told', async () => {
  const { bedrock, importModel } = testbed();
  bedrock.faults.add({ kind: 'job-failure', message: 'Internal failure. Try again.' });
  expect(await importModel('job-1')).toMatchObject({
    status: 'Failed',
    failureMessage: 'Internal failure. Try again.',
  });
  expect(await importModel('job-2')).toMatchObject({ status: 'Completed' });
});

test('every call is recorded with its outcome', async () => {
  const { bedrock, create } = testbed();
  bedrock.faults.add({ kind: 'timeout-before', operation: 'ListImportedModels' });
  await create();
  await bedrock.call('ListImportedModels', {}).catch(() => undefined);
  await bedrock.call('GetModelImportJob', { jobIdentifier: 'absent' }).catch(() => undefined);
  expect(bedrock.calls.map(({ operation: name, outcome }) => [name, outcome])).toEqual([
    ['CreateModelImportJob', 'ok'],
    ['ListImportedModels', 'cut'],
    ['GetModelImportJob', 'ResourceNotFoundException'],
  ]);
});

test('a reset forgets everything and restores the switches', async () => {
  const { bedrock, create } = testbed({ maxModels: 1 });
  await create();
  bedrock.switches.maxModels = 9;
  bedrock.faults.add({ kind: 'throttle', operation });
  bedrock.reset();
  expect(await bedrock.look()).toMatchObject({ jobs: [], models: [] });
  expect([bedrock.calls, bedrock.faults.pending, bedrock.switches.maxModels]).toEqual([[], [], 1]);
});

test.each([
  [{ maxModel: 3 }, /no switch 'maxModel'; there are .*maxModels/],
  [{ maxModels: -1 }, /'maxModels' must be a whole number, zero or more, got -1/],
  [{ importSeconds: '8' }, /'importSeconds' must be a number of seconds/],
  [{ mxfp4: 'maybe' }, /'mxfp4' must be one of accepted, refused, got "maybe"/],
])('a switch fails to be set by %j', (input, message) => {
  expect(() => parseSwitches(input)).toThrow(message);
});

test.each([
  [null, /must be an object/],
  [{ kind: 'flood', operation }, /'kind' must be one of throttle/],
  [{ kind: 'throttle', operation: 'CreateModel' }, /'operation' must name an operation, got "CreateModel"/],
  [{ kind: 'throttle', operation, times: 0 }, /'times'/],
  [{ kind: 'slow', operation, milliseconds: -1 }, /'milliseconds'/],
  [{ kind: 'job-failure' }, /'message'/],
])('a fault fails to be made of %j', (input, message) => {
  expect(() => parseFault(input)).toThrow(message);
});
