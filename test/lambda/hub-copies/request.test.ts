import {
  commitBefore,
  executionFamily,
  parseCopyRequest,
  physicalIdOf,
  pinned,
  placeOfId,
  type WantedCopy,
} from '../../../lambda/hub-copies/request';
import type { FrameworkEvent } from '../../../lambda/imported-model/request';
import { COMMIT, ID, OTHER_COMMIT, OTHER_PLACE, PLACE, STACK, WANTED } from './fixtures';
import { event, PROPERTIES } from './framework';

function wanted(properties: object = {}, more: Partial<FrameworkEvent> = {}): WantedCopy {
  const request = parseCopyRequest(event('Create', properties, more));
  if (request.type === 'Delete') throw new Error('it is a Delete');
  return request;
}

function unwanted(physicalId: string, properties: object = {}) {
  return parseCopyRequest(event('Delete', properties, { PhysicalResourceId: physicalId }));
}

describe('a copy that is wanted', () => {
  test('is parsed into typed values', () => {
    expect(
      wanted({ AcceptedFindings: ['eos-ids'], Endpoint: 'https://hub.example', TokenSecretArn: 'arn:secret' }),
    ).toEqual({
      type: 'Create',
      stackId: STACK,
      logicalId: 'Copy',
      repository: 'openai/gpt-oss-20b',
      revision: COMMIT,
      commit: COMMIT,
      rules: 'r1',
      endpoint: 'https://hub.example',
      tokenSecretArn: 'arn:secret',
      place: PLACE,
      before: '',
      bucketOwner: PROPERTIES.BucketOwner,
      acceptedFindings: ['eos-ids'],
      stateMachineArn: PROPERTIES.StateMachineArn,
      copierArn: PROPERTIES.CopierArn,
      execution: expect.stringMatching(
        new RegExp(`^${executionFamily(PLACE)}00000000-0000-4000-8000-[0-9]{12}$`),
      ) as unknown,
      link: 1,
      links: 1,
      timeoutSeconds: 3000,
      sentAt: undefined,
    });
  });

  test('has no place before its branch is resolved', () => {
    expect(wanted({ Revision: 'main' })).toMatchObject({ commit: '', place: { prefix: '' }, execution: '' });
  });

  test('has the place that onEvent resolved, which comes back in the physical id', () => {
    const noted = { PhysicalResourceId: `${ID}@main`, Started: 1 };
    expect(wanted({ Revision: 'main' }, noted)).toMatchObject({ commit: COMMIT, place: PLACE });
  });

  test('is not taken for the one that an update came with', () => {
    expect(wanted({ Revision: 'main' }, { PhysicalResourceId: ID })).toMatchObject({ commit: '', before: ID });
  });

  test('further links go by the commit and the execution of the first', () => {
    const more = { Revision: 'main', Commit: COMMIT, Execution: 'copy-1', Link: '2', Links: '3' };
    expect(wanted(more)).toMatchObject({ commit: COMMIT, place: PLACE, execution: 'copy-1', link: 2, links: 3 });
  });

  test('tells when it was sent, by the signature of the answer’s address', () => {
    const ResponseURL = 'https://answers.example/?X-Amz-Date=20261121T100000Z&X-Amz-Expires=7200';
    expect(wanted({}, { ResponseURL }).sentAt).toBe(Date.UTC(2026, 10, 21, 10, 0, 0));
  });

  test('an execution is named after place and request, in what Step Functions takes', () => {
    const { execution } = wanted({}, { RequestId: 'a b/ü_'.repeat(30) });
    expect(execution).toMatch(/^copy-[0-9a-f]{16}-[0-9a-zA-Z-]+$/);
    expect(execution.length).toBeLessThanOrEqual(80);
    expect(executionFamily(PLACE)).not.toBe(executionFamily(OTHER_PLACE));
  });

  test.each(['Repository', 'Revision', 'RepairRules', 'Bucket', 'BucketOwner', 'StateMachineArn', 'CopierArn'])(
    'fails when %s is missing',
    (name) => {
      expect(() => wanted({ [name]: '' })).toThrow(`'${name}' is missing`);
    },
  );
});

describe('a physical id', () => {
  test.each([
    ['of a commit is the folder', {}, ID],
    ['of a branch tells it', { revision: 'release/v1' }, `${ID}@release/v1`],
    ['of a further link has its number', { revision: 'main', link: 3 }, `${ID}3`],
  ])('%s', (_, given, id) => {
    expect(physicalIdOf({ ...WANTED, ...given })).toBe(id);
    expect(placeOfId(id)).toEqual(PLACE);
  });

  test.each(['', 'Shop-Copy-1ABCDEFGHIJKL', 's3://weights/', 's3://weights/v1/', `${ID}x`, `x${ID}`])(
    'of another form is none of ours: %p',
    (id) => {
      expect(placeOfId(id)).toBeUndefined();
    },
  );

  test('of a revision that was just resolved is where its copy goes', () => {
    const branch = { ...WANTED, revision: 'main', commit: '', place: { bucket: 'weights', prefix: '' } };
    expect(physicalIdOf(pinned(branch, OTHER_COMMIT))).toBe(`s3://weights/${OTHER_PLACE.prefix}@main`);
  });
});

describe('the commit that a branch was before', () => {
  test.each([
    ['is the one that it was resolved to', `${ID}@main`, COMMIT],
    ['is unknown of another branch', `${ID}@domain`, undefined],
    ['is unknown of a commit', ID, undefined],
    ['is unknown of another repository', `${ID.replace('openai', 'other')}@main`, undefined],
    ['is unknown of a Create', '', undefined],
  ])('%s', (_, before, commit) => {
    expect(commitBefore({ ...WANTED, revision: 'main', before })).toBe(commit);
  });
});

describe('a copy that is unwanted', () => {
  test('is parsed into typed values', () => {
    expect(unwanted(ID, { RemoveCopies: 'true' })).toEqual({
      type: 'Delete',
      stackId: STACK,
      logicalId: 'Copy',
      place: PLACE,
      bucket: 'weights',
      bucketOwner: PROPERTIES.BucketOwner,
      stateMachineArn: PROPERTIES.StateMachineArn,
      removes: true,
      link: 1,
      timeoutSeconds: 3000,
      sentAt: undefined,
    });
  });

  test('has no place under an id that CloudFormation invented, whatever was wanted', () => {
    expect(unwanted('Shop-Copy-1ABCDEFGHIJKL')).toMatchObject({ place: undefined });
  });

  test.each(['false', ''])('stays in a bucket when RemoveCopies is %p', (RemoveCopies) => {
    expect(unwanted(ID, { RemoveCopies })).toMatchObject({ removes: false });
  });
});
