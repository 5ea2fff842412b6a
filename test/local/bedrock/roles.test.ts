import type { Statement } from '../../../local/bedrock/policy';
import type { Role } from '../../../local/bedrock/ports';
import { account, bedrockTrust, readsFolder, roleArn, testbed } from './testbed';

const trusting = (change: Partial<Statement>) => ({
  trust: { Statement: [{ ...(bedrockTrust.Statement as Statement), ...change }] },
});
const sourceArn = (value: string) => trusting({ Condition: { ArnLike: { 'aws:SourceArn': value } } });

describe('a role is refused for ever', () => {
  test.each<[string, Partial<Role> | undefined]>([
    ['that does not exist', undefined],
    ['that trusts another service', trusting({ Principal: { Service: 'lambda.amazonaws.com' } })],
    [
      'that trusts another account’s jobs',
      trusting({ Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } }),
    ],
    ['that trusts jobs of another Region', sourceArn(`arn:aws:bedrock:us-west-2:${account}:model-import-job/*`)],
    ['that trusts other kinds of job', sourceArn(`arn:aws:bedrock:us-east-1:${account}:model-customization-job/*`)],
    ['that denies Bedrock', trusting({ Effect: 'Deny' })],
    ['that lets Bedrock do something else', trusting({ Action: 'sts:TagSession' })],
  ])('%s', async (_, change) => {
    const { clock, roles, create } = testbed();
    const role = await roles.find(roleArn);
    if (role && change) roles.byArn.set(roleArn, { ...role, ...change });
    else roles.byArn.delete(roleArn);
    clock.pass(86_400);
    await expect(create()).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The provided role ARN is invalid',
    });
  });
});

test('a fresh role is refused until its delay has passed', async () => {
  const { clock, roles, create } = testbed({ roleDelaySeconds: 120 });
  roles.byArn.set(roleArn, { arn: roleArn, createdAt: clock.now(), trust: bedrockTrust, policies: [readsFolder] });
  clock.pass(119);
  await expect(create()).rejects.toThrow('The provided role ARN is invalid');
  clock.pass(1);
  await expect(create()).resolves.toContain(':model-import-job/');
});

const allow = (Action: string, Resource: string, Condition?: Statement['Condition']): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const list = allow('s3:ListBucket', 'arn:aws:s3:::weights');
const get = allow('s3:GetObject', 'arn:aws:s3:::weights/*');

describe('an import fails, naming what the role may not do,', () => {
  test.each<[string, Statement[], string]>([
    ['without any policy', [], 's3:ListBucket on arn:aws:s3:::weights'],
    ['without ListBucket', [get], 's3:ListBucket'],
    ['without GetObject', [list], 's3:GetObject on arn:aws:s3:::weights/med/'],
    ['with another folder’s objects', [list, allow('s3:GetObject', 'arn:aws:s3:::weights/other/*')], 's3:GetObject'],
    [
      'with another folder’s list',
      [get, allow('s3:ListBucket', '*', { StringLike: { 's3:prefix': 'other/*' } })],
      's3:ListBucket',
    ],
    [
      'with another account’s bucket',
      [list, allow('s3:GetObject', '*', { StringEquals: { 'aws:ResourceAccount': '1' } })],
      's3:GetObject',
    ],
    [
      'with a denial of one file',
      [list, get, { ...get, Effect: 'Deny', Resource: '*/config.json' }],
      'med/config.json',
    ],
  ])('%s', async (_, Statement, message) => {
    const { roles, importModel } = testbed();
    const role = await roles.find(roleArn);
    if (role) roles.byArn.set(roleArn, { ...role, policies: [{ Statement }] });
    const job = await importModel();
    expect(job).toMatchObject({ status: 'Failed', failureMessage: expect.stringContaining(message) as string });
  });

  test('with a bucket policy that denies it', async () => {
    const { weights, importModel } = testbed();
    weights.policies.set('weights', { Statement: { ...get, Effect: 'Deny', Principal: '*' } });
    expect((await importModel()).failureMessage).toContain('s3:GetObject');
  });
});

test.each([
  ['s3:Get*', 's3:List*'],
  ['S3:GetObject', 's3:*'],
  ['*', '*'],
])('a role with the actions %s and %s reads the prefix', async (one, other) => {
  const { roles, importModel } = testbed();
  const role = await roles.find(roleArn);
  const Statement = [allow(one, 'arn:aws:s3:::weights/med/*'), allow(other, 'arn:aws:s3:::weight?')];
  if (role) roles.byArn.set(roleArn, { ...role, policies: [{ Statement }] });
  expect((await importModel()).status).toBe('Completed');
});

test('a bucket policy that denies only what comes without TLS leaves the job alone', async () => {
  const { weights, importModel } = testbed();
  const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
  const Statement: Statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition };
  weights.policies.set('weights', { Statement });
  expect((await importModel()).status).toBe('Completed');
});

test.each([
  ['StringNotEquals', 'Completed'],
  ['StringEquals', 'Failed'],
  ['StringEqualsIfExists', 'Completed'],
  ['ForAllValues:StringEquals', 'Completed'],
  ['ForAnyValue:StringEquals', 'Failed'],
])('a condition by %s on a key that the request lacks leaves the import %s', async (operator, status) => {
  const { roles, importModel } = testbed();
  const role = await roles.find(roleArn);
  const Statement = [list, { ...get, Condition: { [operator]: { 'aws:PrincipalOrgID': 'o-1' } } }];
  if (role) roles.byArn.set(roleArn, { ...role, policies: [{ Statement }] });
  expect((await importModel()).status).toBe(status);
});

test.each([
  ['true', 'Completed'],
  ['false', 'Failed'],
])('a condition that a key be absent (Null: %s) leaves the import %s', async (absent, status) => {
  const { roles, importModel } = testbed();
  const role = await roles.find(roleArn);
  const Statement = [list, { ...get, Condition: { Null: { 'aws:PrincipalOrgID': absent } } }];
  if (role) roles.byArn.set(roleArn, { ...role, policies: [{ Statement }] });
  expect((await importModel()).status).toBe(status);
});

describe('a bucket of another account', () => {
  const owner = '111111111111';
  const grants = (Principal: Statement['Principal']): { Statement: Statement[] } => ({
    Statement: [list, get].map((statement) => ({ ...statement, ...(Principal ? { Principal } : {}) })),
  });

  test.each([
    ['is read when its policy names the role', { AWS: roleArn }, 'Completed'],
    ['is read when its policy names the role’s account', { AWS: `arn:aws:iam::${account}:root` }, 'Completed'],
    ['fails the job when its policy names another role', { AWS: `${roleArn}-other` }, 'Failed'],
  ])('%s', async (_, principal, status) => {
    const { weights, roles, importModel } = testbed();
    weights.owner = owner;
    weights.policies.set('weights', grants(principal));
    const role = await roles.find(roleArn);
    if (role) roles.byArn.set(roleArn, { ...role, policies: [{ Statement: [list, get] }] });
    expect((await importModel()).status).toBe(status);
  });
});

test('a condition operator that nobody taught the emulator fails the job instead of being guessed', async () => {
  const { roles, importModel } = testbed();
  const role = await roles.find(roleArn);
  const Statement = [list, { ...get, Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } } }];
  if (role) roles.byArn.set(roleArn, { ...role, policies: [{ Statement }] });
  expect((await importModel()).failureMessage).toContain("'DateLessThan'");
});
