import { modelName } from '../../lambda/imported-model/names';
import { type FrameworkEvent, parseRequest, stackName, stackRegion } from '../../lambda/imported-model/request';
import { NAME, OLD_NAME, ROLE, STACK } from './fixtures';

const REQUEST_ID = '0a1b2c3d-0000-4000-8000-000000000001';
const REQUIRED = {
  ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:framework',
  Bucket: 'weights',
  ModelName: 'gpt-oss-20b',
  ImportRoleArn: ROLE,
  TimeoutSeconds: '3000',
};
const INVENTED = 'Shop-Model-1ABCDEFGHIJKL';
const nameOf = (properties: { Prefix?: string; Version?: string; ModelKeyArn?: string }, resource = 'Model') =>
  modelName({
    stackName: 'Shop',
    resource,
    bucket: 'weights',
    prefix: properties.Prefix ?? '',
    version: properties.Version ?? '',
    base: 'gpt-oss-20b',
    modelKeyArn: properties.ModelKeyArn ?? '',
  });

function event(type: FrameworkEvent['RequestType'], more: Partial<FrameworkEvent> = {}): FrameworkEvent {
  return {
    RequestType: type,
    RequestId: REQUEST_ID,
    StackId: STACK,
    LogicalResourceId: 'Model',
    ResourceProperties: REQUIRED,
    ...more,
  };
}

describe('a create', () => {
  test('turns strings into values', () => {
    const request = parseRequest(
      event('Create', {
        ResourceProperties: {
          ...REQUIRED,
          Prefix: '20b/v2/',
          Version: 'a1b2c3',
          ModelKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/k',
          SubnetIds: ['subnet-1', 'subnet-2'],
          SecurityGroupIds: ['sg-1'],
          WaitForUpload: 'true',
          LockHash: 'abc',
          AcceptedFindings: ['eos-ids'],
          Regions: ['us-east-1'],
          Link: '1',
          Links: '3',
          KeepRemoved: 'true',
          KeepReplaced: 'true',
          Tags: [{ Key: 'team', Value: 'search' }],
        },
      }),
    );
    const name = nameOf({
      Prefix: '20b/v2/',
      Version: 'a1b2c3',
      ModelKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/k',
    });
    expect(request).toEqual({
      type: 'Create',
      owner: { stackId: STACK, resource: 'Model' },
      logicalId: 'Model',
      name,
      jobName: expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{8}$`)) as unknown,
      bucket: 'weights',
      prefix: '20b/v2/',
      importRoleArn: ROLE,
      modelKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/k',
      subnetIds: ['subnet-1', 'subnet-2'],
      securityGroupIds: ['sg-1'],
      lockHash: 'abc',
      acceptedFindings: ['eos-ids'],
      waitForUpload: true,
      regions: ['us-east-1'],
      keepRemoved: true,
      keepReplaced: true,
      tags: { team: 'search' },
      droppedTags: [],
      link: 1,
      links: 3,
      timeoutSeconds: 3000,
      physicalId: '',
    });
  });

  test("takes the words 'false' and '' for what they say", () => {
    const properties = {
      ...REQUIRED,
      WaitForUpload: 'false',
      KeepRemoved: 'false',
      KeepReplaced: '',
      ModelKeyArn: '',
      Tags: '',
    };
    expect(parseRequest(event('Create', { ResourceProperties: properties }))).toMatchObject({
      waitForUpload: false,
      keepRemoved: false,
      keepReplaced: false,
      modelKeyArn: '',
      tags: {},
    });
  });

  test('of an older release, without the properties that came later, has their defaults', () => {
    const properties = { ...REQUIRED, TimeoutSeconds: undefined };
    expect(parseRequest(event('Create', { ResourceProperties: properties }))).toMatchObject({
      name: nameOf({}),
      prefix: '',
      modelKeyArn: '',
      subnetIds: [],
      securityGroupIds: [],
      waitForUpload: false,
      regions: [],
      keepRemoved: false,
      keepReplaced: false,
      tags: {},
      link: 1,
      links: 1,
      timeoutSeconds: 3000,
    });
  });

  test.each(['Bucket', 'ModelName', 'ImportRoleArn'])('fails without %s and names it', (missing) => {
    const properties = { ...REQUIRED, [missing]: undefined };
    expect(() => parseRequest(event('Create', { ResourceProperties: properties }))).toThrow(
      `property '${missing}' is missing; deploy with the construct again`,
    );
  });

  test('fails when a text is something else', () => {
    const properties = { ...REQUIRED, Bucket: { Ref: 'Bucket' } };
    expect(() => parseRequest(event('Create', { ResourceProperties: properties }))).toThrow("'Bucket' is missing");
  });

  test.each(['', 'soon', '0', '-600', 'NaN', 600])('takes %j for no number, so that a deadline comes', (none) => {
    const properties = { ...REQUIRED, TimeoutSeconds: none, Link: none, Links: none };
    expect(parseRequest(event('Create', { ResourceProperties: properties }))).toMatchObject({
      timeoutSeconds: 3000,
      link: 1,
      links: 1,
    });
  });

  test('has another job than the next request for the same model', () => {
    const [one, other] = [event('Create'), event('Create', { RequestId: 'another' })].map(parseRequest);
    expect(one?.name).toBe(other?.name);
    expect(one).not.toEqual(other);
  });

  test('leaves out tags and list items that are none', () => {
    const properties = {
      ...REQUIRED,
      SubnetIds: ['subnet-1', 7, null],
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b' },
        { Key: 'c', Value: 3 },
        null,
        'd',
        { Key: '__proto__', Value: 'x' },
      ],
    };
    const request = parseRequest(event('Create', { ResourceProperties: properties }));
    expect(request).toMatchObject({ subnetIds: ['subnet-1'] });
    expect('tags' in request && Object.entries(request.tags)).toEqual([
      ['a', '1'],
      ['__proto__', 'x'],
    ]);
    expect(Object.prototype).not.toHaveProperty('x');
  });
});

describe('an update', () => {
  test('knows the model it came with, and the tags that are no longer wanted', () => {
    const request = parseRequest(
      event('Update', {
        PhysicalResourceId: OLD_NAME,
        ResourceProperties: { ...REQUIRED, Tags: [{ Key: 'kept', Value: '2' }] },
        OldResourceProperties: {
          ...REQUIRED,
          Tags: [
            { Key: 'kept', Value: '1' },
            { Key: 'gone', Value: '1' },
          ],
        },
      }),
    );
    expect(request).toMatchObject({ physicalId: OLD_NAME, tags: { kept: '2' }, droppedTags: ['gone'] });
  });

  test('that is rolled back names the model that the create before it named', () => {
    const [v1, v2] = [
      { ...REQUIRED, Prefix: 'v1/' },
      { ...REQUIRED, Prefix: 'v2/' },
    ];
    const created = parseRequest(event('Create', { ResourceProperties: v1 }));
    const back = parseRequest(event('Update', { ResourceProperties: v1, OldResourceProperties: v2 }));
    expect(back.name).toBe(created.name);
  });

  test('has one name for one model, whatever else changes', () => {
    const more = { ...REQUIRED, TimeoutSeconds: '600', ImportRoleArn: `${ROLE}2`, Tags: [{ Key: 'a', Value: 'b' }] };
    expect(parseRequest(event('Update', { ResourceProperties: more })).name).toBe(parseRequest(event('Create')).name);
  });
});

describe('a link after the first', () => {
  const properties = {
    ...REQUIRED,
    Link: '2',
    Links: '3',
    Owner: 'Model',
    ImportedModelName: NAME,
    JobName: `${NAME}-job`,
  };

  test("goes on with the first link's model and job, as its owner", () => {
    const request = parseRequest(event('Create', { LogicalResourceId: 'ModelWait2', ResourceProperties: properties }));
    expect(request).toMatchObject({
      owner: { stackId: STACK, resource: 'Model' },
      logicalId: 'ModelWait2',
      name: NAME,
      jobName: `${NAME}-job`,
      link: 2,
      links: 3,
    });
  });

  test('is deleted under the name before its number', () => {
    const request = parseRequest(
      event('Delete', { PhysicalResourceId: `${OLD_NAME}/2`, ResourceProperties: properties }),
    );
    expect(request).toMatchObject({ type: 'Delete', name: OLD_NAME, link: 2, physicalId: `${OLD_NAME}/2` });
  });

  test("is deleted under the first link's name when its id was invented", () => {
    const request = parseRequest(event('Delete', { PhysicalResourceId: INVENTED, ResourceProperties: properties }));
    expect(request).toMatchObject({ name: NAME, physicalId: INVENTED });
  });
});

describe('a delete', () => {
  test('takes the name from the physical id', () => {
    expect(parseRequest(event('Delete', { PhysicalResourceId: OLD_NAME }))).toEqual({
      type: 'Delete',
      owner: { stackId: STACK, resource: 'Model' },
      name: OLD_NAME,
      link: 1,
      timeoutSeconds: 3000,
      physicalId: OLD_NAME,
    });
  });

  test('takes the name from the properties when the id was never issued', () => {
    const properties = { ...REQUIRED, Prefix: 'v1/' };
    const request = parseRequest(event('Delete', { PhysicalResourceId: INVENTED, ResourceProperties: properties }));
    expect(request).toMatchObject({ name: nameOf({ Prefix: 'v1/' }), physicalId: INVENTED });
  });

  test('needs none of the properties that an older release did not send', () => {
    const request = parseRequest(event('Delete', { PhysicalResourceId: NAME, ResourceProperties: {} }));
    expect(request).toMatchObject({ name: NAME, link: 1, timeoutSeconds: 3000 });
  });

  test.each([{}, { Bucket: 'weights' }, { ModelName: 'gpt-oss-20b' }, { Bucket: '', ModelName: '' }])(
    'has no model when neither the id nor the properties %j name one',
    (properties) => {
      const request = parseRequest(event('Delete', { PhysicalResourceId: INVENTED, ResourceProperties: properties }));
      expect(request).toMatchObject({ name: '' });
    },
  );

  test.each(['med.v1', 'my--model', 'm'.repeat(44), '-'])(
    'has no model when the properties name one that Bedrock cannot have, of %s',
    (ModelName) => {
      const properties = { ...REQUIRED, ModelName };
      const request = parseRequest(event('Delete', { PhysicalResourceId: INVENTED, ResourceProperties: properties }));
      expect(request).toMatchObject({ name: '' });
    },
  );

  test('has no model without any id', () => {
    expect(parseRequest(event('Delete', { ResourceProperties: {} }))).toMatchObject({ name: '', physicalId: '' });
  });
});

test("a stack's id tells its name and Region", () => {
  expect([stackName(STACK), stackRegion(STACK)]).toEqual(['Shop', 'us-east-1']);
  expect([stackName('nonsense'), stackRegion('nonsense')]).toEqual(['', '']);
});

test.each([
  [
    'https://bucket.s3.amazonaws.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261121T100003Z&X-Amz-Expires=7200',
    Date.UTC(2026, 10, 21, 10, 0, 3),
  ],
  ['https://bucket.s3.amazonaws.com/key?AWSAccessKeyId=A&Expires=1795255200&Signature=s', undefined],
  ['https://bucket.s3.amazonaws.com/key?X-Amz-Date=20261321T990003Z', undefined],
  ['2026-11-21', undefined],
  [undefined, undefined],
])('a request sent to %s tells when', (ResponseURL, sentAt) => {
  const request = parseRequest(event('Create', { ResponseURL, ResourceProperties: REQUIRED }));
  expect(request.type === 'Create' && request.sentAt).toBe(sentAt);
});
