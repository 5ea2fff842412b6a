import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { IamRoles } from '../../local/bedrock/iam';
import { readHeader } from '../../local/bedrock/safetensors';
import { S3Weights } from '../../local/bedrock/s3';
import { startGround, type Ground } from '../../local/ground';
import { bedrockTrust, readsFolder, safetensors } from '../local/bedrock/testbed';

let ground: Ground;
let iam: IAMClient;
let s3: S3Client;
let roles: IamRoles;
let weights: S3Weights;

beforeAll(async () => {
  ground = await startGround();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const aws = { endpoint: ground.environment['AWS_ENDPOINT_URL'] ?? '', region: ground.region, credentials };
  iam = new IAMClient(aws);
  s3 = new S3Client({ ...aws, forcePathStyle: true, followRegionRedirects: true });
  roles = new IamRoles(iam);
  weights = new S3Weights(s3, ground.account);
}, 240_000);

afterAll(async () => {
  iam.destroy();
  s3.destroy();
  await ground.stop();
}, 30_000);

const bucketList = { Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }] };
const document = (policy: object) => JSON.stringify({ Version: '2012-10-17', ...policy });

test('a role is read with its age, its trust and all of its policies, until it is deleted', async () => {
  const role = { RoleName: 'import', Path: '/models/', AssumeRolePolicyDocument: document(bedrockTrust) };
  const arn = (await iam.send(new CreateRoleCommand(role))).Role?.Arn ?? '';
  const managed = { PolicyName: 'managed', PolicyDocument: document(bucketList) };
  const { Policy } = await iam.send(new CreatePolicyCommand(managed));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'import', PolicyArn: Policy?.Arn }));
  const inline = { RoleName: 'import', PolicyName: 'inline', PolicyDocument: document(readsFolder) };
  await iam.send(new PutRolePolicyCommand(inline));
  const found = await roles.find(arn);
  expect(found).toMatchObject({ arn, trust: bedrockTrust, policies: [readsFolder, bucketList] });
  expect(Math.abs(Date.now() - (found?.createdAt ?? 0))).toBeLessThan(30_000);
  expect(await roles.find(arn.replace('/models/', '/'))).toBeUndefined();
  expect(await roles.find(`${arn}-other`)).toBeUndefined();
});

test('a role that was deleted is not there', async () => {
  const created = await iam.send(
    new CreateRoleCommand({ RoleName: 'gone', AssumeRolePolicyDocument: document(bedrockTrust) }),
  );
  await iam.send(new DeleteRoleCommand({ RoleName: 'gone' }));
  expect(await roles.find(created.Role?.Arn ?? '')).toBeUndefined();
});

test('a bucket is read with its Region and policy, its files with their sizes and ranges', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'edges' }));
  expect(await weights.bucket('edges')).toEqual({ region: 'us-east-1', owner: ground.account });
  const policy = { Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }] };
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'edges', Policy: document(policy) }));
  expect(await weights.bucket('edges')).toMatchObject({ policy });
  const file = safetensors({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
  await s3.send(new PutObjectCommand({ Bucket: 'edges', Key: 'med/model.safetensors', Body: file }));
  await s3.send(new PutObjectCommand({ Bucket: 'edges', Key: 'other/x', Body: 'x' }));
  expect(await weights.list('edges', 'med/')).toEqual([{ key: 'med/model.safetensors', size: file.length }]);
  const read = (start: number, length: number) => weights.read('edges', 'med/model.safetensors', start, length);
  expect(await readHeader(file.length, read)).toEqual({ tensors: new Map([['a', { dtype: 'F32', shape: [2] }]]) });
  expect(await read(0, 0)).toHaveLength(0);
});

test('a bucket in another Region says so, and one that does not exist is not there', async () => {
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: 'edges-far', CreateBucketConfiguration }));
  expect(await weights.bucket('edges-far')).toMatchObject({ region: 'eu-central-1' });
  expect(await weights.bucket('edges-nowhere')).toBeUndefined();
});

test('more files than one page of a listing holds are all listed', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'edges-many' }));
  const keys = Array.from({ length: 1001 }, (_, at) => `many/${at}`);
  for (let at = 0; at < keys.length; at += 50) {
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'edges-many', Key, Body: 'x' }));
    await Promise.all(keys.slice(at, at + 50).map(put));
  }
  expect(await weights.list('edges-many', 'many/')).toHaveLength(1001);
}, 60_000);
