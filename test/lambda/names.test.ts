import fc from 'fast-check';
import { type Identity, isModelName, jobName, modelName } from '../../lambda/imported-model/names';

const IDENTITY: Identity = {
  stackName: 'Shop',
  resource: 'ModelResource1A2B3C4D',
  bucket: 'weights',
  prefix: '20b/v2/',
  version: 'a1b2c3',
  base: 'gpt-oss-20b',
  modelKeyArn: '',
};

/** Bedrock's `([0-9a-zA-Z][_-]?)+` and `[a-zA-Z0-9](-*[a-zA-Z0-9+\-.])*`, written so that they cannot backtrack. */
const MODEL_NAME = /^[0-9a-zA-Z](?:[0-9a-zA-Z]|[_-](?![_-]))*$/;
const JOB_NAME = /^[a-zA-Z0-9][a-zA-Z0-9+.-]*$/;
const MAX_LENGTH = 63;

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
const letter = fc.constantFrom(...LETTERS);
const part = fc.tuple(letter, fc.constantFrom('', '-', '_')).map(([first, separator]) => first + separator);
const base = fc.array(part, { minLength: 1, maxLength: 43, size: 'max' }).map((parts) => parts.join('').slice(0, 43));
const identity: fc.Arbitrary<Identity> = fc.record({
  stackName: fc.string(),
  resource: fc.string(),
  bucket: fc.string(),
  prefix: fc.string(),
  version: fc.string(),
  base,
  modelKeyArn: fc.string(),
});

describe('the name of a model', () => {
  // This name is API: a release that gives another one makes every deployed stack import its model again.
  test('is the same in every release', () => {
    expect(modelName(IDENTITY)).toBe('gpt-oss-20b-3164b1842e');
  });

  test.each<[keyof Identity, string]>([
    ['stackName', 'Bank'],
    ['resource', 'Second'],
    ['bucket', 'others'],
    ['prefix', '20b/v3/'],
    ['version', ''],
    ['base', 'gpt_oss-20b'],
    ['modelKeyArn', 'arn:aws:kms:us-east-1:123456789012:key/k'],
  ])('changes with %s', (key, value) => {
    expect(modelName({ ...IDENTITY, [key]: value })).not.toBe(modelName(IDENTITY));
  });

  test('tells apart what differs only in where one part ends', () => {
    const split = { ...IDENTITY, bucket: 'weights2', prefix: '0b/v2/' };
    expect(modelName(split).slice(-10)).not.toBe(
      modelName({ ...split, bucket: 'weights', prefix: '20b/v2/' }).slice(-10),
    );
  });

  test("fits Bedrock's limits and is known as ours, for every valid base", () => {
    fc.assert(
      fc.property(identity, (made) => {
        const name = modelName(made);
        expect(name).toMatch(MODEL_NAME);
        expect(name.length).toBeLessThanOrEqual(MAX_LENGTH);
        expect(isModelName(name)).toBe(true);
      }),
    );
  });
});

describe('the name of a job', () => {
  test('is the same in every release', () => {
    expect(jobName('gpt_oss-20b-0123456789', '0a1b2c3d-0000-4000-8000-000000000001')).toBe(
      'gpt-oss-20b-0123456789-1fcf3b14',
    );
  });

  test("fits Bedrock's limits for every valid base and any request id", () => {
    fc.assert(
      fc.property(identity, fc.string(), (made, requestId) => {
        const name = jobName(modelName(made), requestId);
        expect(name).toMatch(JOB_NAME);
        expect(name.length).toBeLessThanOrEqual(MAX_LENGTH);
      }),
    );
  });

  test('differs from request to request', () => {
    fc.assert(
      fc.property(base, fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 2 }), (made, [one = '', other = '']) => {
        const model = modelName({ ...IDENTITY, base: made });
        expect(jobName(model, one)).not.toBe(jobName(model, other));
        expect(jobName(model, one)).toBe(jobName(model, one));
      }),
    );
  });
});

describe('ids that are no model names of ours', () => {
  test.each([
    ['invented for a cancelled create', 'Shop-ModelResource1A2B3C4D-1ABCDEFGHIJKL'],
    ['invented, of a newer kind', 'Shop-ModelResource1A2B3C4D-AbCdEfGhIjKl'],
    ["the framework's mark", 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED'],
    ['a request id', '0a1b2c3d-0000-4000-8000-000000000001'],
    ['a hash in capitals', 'gpt-oss-20b-0123456ABC'],
    ['a link of the chain', 'gpt-oss-20b-0123456789/2'],
    ['nothing', ''],
    ['two separators in a row', 'my--model-0123456789'],
    ['a base that ends in a separator', 'my-model_-0123456789'],
    ['a base with a dot', 'med.v1-0123456789'],
    ['a base that is too long', `${'a'.repeat(44)}-0123456789`],
  ])('%s', (_, id) => {
    expect(isModelName(id)).toBe(false);
  });

  test('whatever CloudFormation invents for a stack and a logical id', () => {
    const suffix = fc.array(fc.constantFrom(...LETTERS.filter((character) => !/[a-z]/.test(character))), {
      minLength: 12,
      maxLength: 13,
    });
    const word = fc.array(letter, { minLength: 1, maxLength: 24 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(word, word, suffix, (stack, logicalId, end) => {
        expect(isModelName(`${stack}-${logicalId}-${end.join('')}`)).toBe(false);
      }),
    );
  });
});
