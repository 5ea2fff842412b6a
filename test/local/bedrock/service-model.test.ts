import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { errorStatus } from '../../../local/bedrock/errors';
import { operations, type Operation } from '../../../local/bedrock/operations';
import type { Shape } from '../../../local/bedrock/shapes';
import { awsTools } from './aws-tools';

/** What botocore's service model says, as far as it is compared. */
interface ServiceModel {
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}
interface ModelOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input: Reference;
  readonly errors: readonly Reference[];
}
interface Reference {
  readonly shape: string;
}
interface ModelShape {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly member?: Reference;
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  readonly union?: boolean;
  readonly error?: { readonly httpStatusCode: number };
}

const readModel = `
import gzip, json, os, sys, botocore
print(gzip.open(os.path.join(os.path.dirname(botocore.__file__), 'data', sys.argv[1], 'service-2.json.gz')).read().decode())
`;

async function load(service: string): Promise<ServiceModel> {
  const python = join(await awsTools(), 'python');
  const { stdout } = await promisify(execFile)(python, ['-c', readModel, service], { maxBuffer: 64_000_000 });
  return JSON.parse(stdout) as ServiceModel;
}

let bedrock: ServiceModel;
let runtime: ServiceModel;
beforeAll(async () => {
  bedrock = await load('bedrock/2023-04-20');
  runtime = await load('bedrock-runtime/2023-09-30');
}, 180_000);

const all = Object.entries(operations).map(([name, operation]): [string, Operation] => [name, operation]);
const inRuntime = all.filter(([, { path }]) => path.startsWith('/model/'));
const published = all.filter(([, { path }]) => !path.startsWith('/model/'));

/** Members whose pattern is the emulator's own: see `constraints.ts`. */
const ownPatterns = ['resourceARN', 'modelId'];

function ours(shape: Shape, name = ''): object {
  switch (shape.type) {
    case 'string': {
      const { pattern, ...limits } = shape;
      return { ...limits, ...(pattern && !ownPatterns.includes(name) ? { pattern: pattern.published } : {}) };
    }
    case 'list':
      return { ...shape, member: ours(shape.member) };
    case 'structure': {
      const members = Object.entries(shape.members).map(([member, of]) => [member, ours(of, member)]);
      return { ...shape, members: Object.fromEntries(members) as object, required: shape.required };
    }
    case 'integer':
    case 'timestamp':
    case 'blob':
      return shape;
  }
}

function theirs(model: ServiceModel, { shape: id }: Reference, name = ''): object {
  const {
    type,
    min,
    max,
    pattern,
    enum: values,
    member,
    members,
    required = [],
    union,
  } = model.shapes[id] ?? { type: id };
  const limits = { type, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  if (members) {
    const all = Object.entries(members).map(([key, of]) => [key, theirs(model, of, key)]);
    return { ...limits, members: Object.fromEntries(all) as object, required, ...(union ? { union } : {}) };
  }
  return {
    ...limits,
    ...(pattern === undefined || ownPatterns.includes(name) ? {} : { pattern }),
    ...(values ? { enum: values } : {}),
    ...(member ? { member: theirs(model, member) } : {}),
  };
}

describe('as in AWS’s own service model', () => {
  test.each(published)('%s is called, answered and limited', (name, operation) => {
    const { http, input } = bedrock.operations[name] ?? {};
    expect(http).toEqual({ method: operation.method, requestUri: operation.path, responseCode: operation.status });
    expect(ours(operation.input)).toEqual(input && theirs(bedrock, input));
  });

  test.each(published)('%s is refused with exactly the declared errors', (name, operation) => {
    const declared = bedrock.operations[name]?.errors.map(({ shape }) => shape);
    expect([...operation.errors].sort()).toEqual(declared?.sort());
  });

  test.each(Object.entries(errorStatus))('%s has the HTTP code %i', (name, status) => {
    expect((bedrock.shapes[name] ?? runtime.shapes[name])?.error?.httpStatusCode).toBe(status);
  });

  test.each(inRuntime)('%s is called, and refused with exactly the declared errors', (name, operation) => {
    const { http, errors } = runtime.operations[name] ?? {};
    expect(http).toMatchObject({ method: operation.method, requestUri: operation.path });
    expect([...operation.errors].sort()).toEqual(errors?.map(({ shape }) => shape).sort());
  });

  test.each(inRuntime)('%s takes members within their limits', (name, { input }) => {
    const declared = runtime.shapes[runtime.operations[name]?.input.shape ?? ''];
    expect(declared?.required).toEqual(expect.arrayContaining([...input.required]));
    for (const [member, limits] of Object.entries(input.members)) {
      const reference = declared?.members?.[member] ?? { shape: 'none' };
      expect(theirs(runtime, reference, member)).toMatchObject(ours(limits, member));
    }
  });
});

describe('a pattern that is written otherwise, so as not to backtrack, admits the same', () => {
  const { members: create } = operations.CreateModelImportJob.input;
  const { jobIdentifier } = operations.GetModelImportJob.input.members;
  test.each([
    ['jobName', create.jobName.pattern, 'aZ9+.-_ '],
    ['jobIdentifier', jobIdentifier.pattern, 'aZ9+.-_:'],
    ['tag key', create.jobTags.member.members.key.pattern, 'aZ9 ._:/=+@-\t\n[é'],
  ])('%s', (_, pattern, alphabet) => {
    const original = new RegExp(`^(?:${pattern.published})$`);
    const text = fc.string({ unit: fc.constantFrom(...alphabet.split('')), maxLength: 12 });
    fc.assert(
      fc.property(text, (value) => original.test(value) === pattern.regexp.test(value)),
      { numRuns: 3000 },
    );
    expect(pattern.regexp.test('a')).toBe(true);
  });
});
