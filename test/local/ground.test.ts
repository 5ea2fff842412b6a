import { ListBucketsCommand, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { aws } from '../../local/clients';
import { onGround, startGround, type Ground } from '../../local/ground';

jest.setTimeout(60_000);

describe('startGround', () => {
  let one: Ground;
  let other: Ground;

  beforeAll(async () => {
    [one, other] = await Promise.all([startGround(), startGround({ switches: { maxModels: 1 } })]);
  });

  afterAll(async () => {
    await Promise.all([one.stop(), other.stop()]);
  });

  const s3 = (ground: Ground) => new S3Client({ ...aws(ground), forcePathStyle: true });
  const buckets = async (ground: Ground) =>
    ((await s3(ground).send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);

  test('runs several side by side, nothing of one seen in the other', async () => {
    await s3(one).send(new CreateBucketCommand({ Bucket: 'of-the-first' }));
    expect(await buckets(one)).toEqual(['of-the-first']);
    expect(await buckets(other)).toEqual([]);
  });

  test('points every variable to loopback, and the two Bedrock endpoints to the emulator', async () => {
    const endpoints = Object.entries(one.environment).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'));
    expect(endpoints.map(([, url]) => new URL(url).hostname)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    expect(one.environment).toMatchObject({
      AWS_ENDPOINT_URL_BEDROCK: one.bedrock.url,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: one.bedrock.url,
    });
    expect((await fetch(`${one.bedrock.url}/_bedrock/health`)).status).toBe(200);
  });

  test("replaces the user's own AWS and CDK settings and keeps the rest", () => {
    const env = onGround(one, {
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'x',
      CDK_DEFAULT_ACCOUNT: '1',
      LANG: 'C',
    });
    expect(env).toMatchObject({ LANG: 'C', AWS_ACCESS_KEY_ID: 'test' });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['AWS_PROFILE']));
    expect(env['AWS_SESSION_TOKEN']).toBeUndefined();
    expect(env['CDK_DEFAULT_ACCOUNT']).toBeUndefined();
  });

  test('gives each ground a CDK cache of its own', () => {
    expect(one.environment['CDK_HOME']).not.toBe(other.environment['CDK_HOME']);
  });
});
