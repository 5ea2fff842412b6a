import { inOrder, inReverse } from '../../../local/cloudformation/order';
import { dependencies, resolve, type Template, type Values } from '../../../local/cloudformation/template';

const values: Values = {
  ref: (name) => (name === 'AWS::NoValue' ? undefined : `id of ${name}`),
  attribute: (resource, name) => `${name} of ${resource}`,
  importValue: (name) => `import of ${name}`,
};

test('makes a string of every scalar, however deep', () => {
  const properties = { number: 3600, yes: true, no: false, list: [1, { deep: 0.5 }], text: '' };
  expect(resolve(properties, values)).toEqual({
    number: '3600',
    yes: 'true',
    no: 'false',
    list: ['1', { deep: '0.5' }],
    text: '',
  });
});

test.each([
  [{ Ref: 'A' }, 'id of A'],
  [{ 'Fn::GetAtt': ['A', 'Arn'] }, 'Arn of A'],
  [{ 'Fn::GetAtt': 'A.Endpoint.Port' }, 'Endpoint.Port of A'],
  [{ 'Fn::Join': ['-', ['x', { Ref: 'A' }, 1]] }, 'x-id of A-1'],
  [{ 'Fn::Sub': '${A}/${B.Arn}/${!Literal}' }, 'id of A/Arn of B/${Literal}'],
  [{ 'Fn::ImportValue': { 'Fn::Join': [':', ['a', 'b']] } }, 'import of a:b'],
])('resolves %j', (value, expected) => {
  expect(resolve({ value }, values)).toEqual({ value: expected });
});

test('leaves out a property that has no value', () => {
  expect(resolve({ kept: 1, left: { Ref: 'AWS::NoValue' } }, values)).toEqual({ kept: '1' });
});

const Type = 'Custom::Thing';
const resources: Template['Resources'] = {
  D: { Type, Properties: { from: { 'Fn::Sub': '${B.Name} and ${C} in ${AWS::Region}, not ${!A}' } } },
  C: { Type, DependsOn: 'A' },
  B: { Type, Properties: { deep: [{ from: { 'Fn::GetAtt': ['A', 'Name'] } }] } },
  A: { Type, Properties: { region: { Ref: 'AWS::Region' } } },
};

test('knows what a resource depends on: what it names, and what DependsOn says', () => {
  const all = Object.fromEntries(Object.entries(resources).map(([id, one]) => [id, dependencies(one, resources)]));
  expect(all).toEqual({ A: [], B: ['A'], C: ['A'], D: ['B', 'C'] });
});

test('goes through resources after what they depend on, and back before it', async () => {
  const there: string[] = [];
  const back: string[] = [];
  await inOrder(resources, ['D', 'C', 'B', 'A'], (id) => Promise.resolve(void there.push(id)));
  await inReverse(resources, ['A', 'B', 'C', 'D'], (id) => Promise.resolve(void back.push(id)));
  expect(there.join('')).toMatch(/^A(BC|CB)D$/);
  expect(back.join('')).toMatch(/^D(BC|CB)A$/);
});

test('keeps to the order through a resource that takes no part', async () => {
  const there: string[] = [];
  await inOrder(resources, ['D', 'A'], (id) => Promise.resolve(void there.push(id)));
  expect(there).toEqual(['A', 'D']);
});
