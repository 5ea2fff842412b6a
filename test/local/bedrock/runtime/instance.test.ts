import { z } from 'zod';
import { instanceOf, NoInstance } from '../../../../local/bedrock/runtime/instance';

interface Tree {
  value: number;
  children: Tree[];
}
const Tree: z.ZodType<Tree> = z.object({
  value: z.number(),
  get children() {
    return z.array(Tree);
  },
});

test.each<[string, z.ZodType]>([
  [
    'an object of all kinds',
    z.object({ a: z.string(), b: z.number(), c: z.boolean(), d: z.null(), e: z.array(z.string()) }),
  ],
  ['a list of at least two', z.array(z.object({ n: z.int().min(5).max(9) })).min(2)],
  ['a tuple', z.tuple([z.string(), z.number().positive()])],
  [
    'bounds that are not reached',
    z.object({ a: z.number().gt(1.5).lt(2), b: z.int().negative(), c: z.int().multipleOf(7).gte(8) }),
  ],
  ['texts of given lengths', z.object({ a: z.string().min(30), b: z.string().max(3), c: z.string().length(1) })],
  [
    'texts of known formats',
    z.object({ a: z.email(), b: z.uuid(), c: z.iso.datetime(), d: z.url(), e: z.ipv4(), f: z.iso.date() }),
  ],
  [
    'texts by simple patterns',
    z.object({
      a: z.string().regex(/^[A-Z]{3}$/),
      b: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
      c: z.string().regex(/^#[0-9a-f]{6}$/),
    }),
  ],
  [
    'choices',
    z.object({
      a: z.enum(['x', 'y']),
      b: z.literal(3),
      c: z.union([z.string(), z.number()]),
      d: z.string().nullable(),
    }),
  ],
  [
    'alternatives told apart',
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), n: z.number() }),
      z.object({ kind: z.literal('b') }),
    ]),
  ],
  ['parts that all hold', z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))],
  ['a tree that refers to itself', Tree],
])('%s is made valid', (_, schema) => {
  const value = instanceOf(z.toJSONSchema(schema));

  expect(schema.safeParse(value)).toMatchObject({ success: true });
});

test('what may be left out is left out', () => {
  expect(instanceOf(z.toJSONSchema(z.object({ a: z.string().optional() })))).toEqual({});
});

test('an alternative without end gives way to one that has an end', () => {
  const list = {
    type: 'object',
    required: ['next'],
    properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
  };

  const value = JSON.stringify(instanceOf(list));

  expect(value).toMatch(/null/);
});

test.each([
  ['a schema without a finite value', { type: 'object', required: ['next'], properties: { next: { $ref: '#' } } }],
  ['a reference that leads nowhere', { $ref: '#/$defs/absent' }],
  ['bounds that leave nothing', { type: 'integer', minimum: 3, maximum: 2 }],
  ['a pattern that no sample fits', { type: 'string', pattern: '^the answer to everything is [0-9]+!$' }],
  ['a type that there is not', { type: 'tensor' }],
  ['no schema', 'object'],
])('fails with %s', (_, schema) => {
  expect(() => instanceOf(schema)).toThrow(NoInstance);
});
