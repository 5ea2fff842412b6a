import { OWNER_TAGS } from '../../lib/contract';
import { CallFailed, type Job, type Model, type TagMap } from '../../lambda/imported-model/port';
import type { DeleteRequest, ImportRequest } from '../../lambda/imported-model/request';
import type { Seen } from '../../lambda/imported-model/step';
import type { Upload } from '../../weights/upload-state';

export const MINUTE = 60_000;
export const STARTED = Date.UTC(2026, 10, 21, 10, 0, 0);

const STACKS = 'arn:aws:cloudformation:us-east-1:123456789012:stack';
export const STACK = `${STACKS}/Shop/11111111-1111-4111-8111-111111111111`;
/** A stack of the same name that was deleted before. */
export const FORMER_STACK = `${STACKS}/Shop/22222222-2222-4222-8222-222222222222`;
export const OTHER_STACK = `${STACKS}/Bank/33333333-3333-4333-8333-333333333333`;
export const OWNER = { stackId: STACK, resource: 'Model' };

export const NAME = 'gpt-oss-20b-0123456789';
export const OLD_NAME = 'gpt-oss-20b-aaaaaaaaaa';
export const JOB_NAME = `${NAME}-89abcdef`;
export const LISTING = 'f'.repeat(32);
export const ROLE = 'arn:aws:iam::123456789012:role/Import';

export const OUR_MARKS: TagMap = { [OWNER_TAGS.stack]: STACK, [OWNER_TAGS.resource]: 'Model' };
export const OUR_TAGS: TagMap = { ...OUR_MARKS, [OWNER_TAGS.listing]: LISTING };
export const KEPT: TagMap = { [OWNER_TAGS.kept]: 'true' };

export const CALM = { status: 'UPDATE_IN_PROGRESS', since: '2026-11-21T10:00:00.000Z' };
export const WHOLE: Upload & { state: 'whole' } = { state: 'whole', files: 5, bytes: 1000, listing: LISTING };
export const EMPTY: Upload = { state: 'empty' };
export const PARTIAL: Upload = { state: 'partial', files: 2, missing: ['config.json', 'tokenizer.json'] };
export const BROKEN: Upload = { state: 'broken', file: 'model.safetensors.index.json', problem: 'it is not JSON' };

/** A poll a quarter of a minute after the request came. */
export const POLL: Seen = { now: STARTED + 15_000, started: STARTED, noted: CALM };

export const IMPORT: ImportRequest = {
  type: 'Update',
  owner: OWNER,
  logicalId: 'Model',
  name: NAME,
  jobName: JOB_NAME,
  bucket: 'weights',
  prefix: '20b/v2/',
  importRoleArn: ROLE,
  modelKeyArn: '',
  subnetIds: [],
  securityGroupIds: [],
  waitForUpload: false,
  lockHash: '',
  acceptedFindings: [],
  regions: ['us-east-1'],
  keepRemoved: false,
  keepReplaced: false,
  tags: {},
  droppedTags: [],
  link: 1,
  links: 1,
  timeoutSeconds: 3000,
  physicalId: OLD_NAME,
};

export const DELETE: DeleteRequest = {
  type: 'Delete',
  owner: OWNER,
  name: NAME,
  link: 1,
  timeoutSeconds: 3000,
  physicalId: NAME,
};

export const modelArn = (name: string) => `arn:aws:bedrock:us-east-1:123456789012:imported-model/${name}`;
export const jobArn = (name: string) => `arn:aws:bedrock:us-east-1:123456789012:model-import-job/${name}`;

export function job(given: Partial<Job> = {}): Job {
  const name = given.name ?? JOB_NAME;
  return { arn: jobArn(name), name, status: 'InProgress', modelName: NAME, failure: '', ...given };
}

export function model(given: Partial<Model> = {}): Model {
  const name = given.name ?? NAME;
  return {
    arn: modelArn(name),
    name,
    tags: OUR_TAGS,
    architecture: 'gpt_oss',
    jobArn: jobArn(JOB_NAME),
    jobName: JOB_NAME,
    unitsPerCopy: '2',
    unitsVersion: 'v1.0',
    ...given,
  };
}

export const named = (name: string) => ({ arn: modelArn(name), name, isKept: false });
export const running = (name: string, modelName: string) => ({ arn: jobArn(name), name, modelName, isRunning: true });
export const justCompleted = (name: string, modelName: string) => ({ ...running(name, modelName), isRunning: false });

export function failed(kind: CallFailed['kind'], message = 'no', call = 'CreateModelImportJob'): CallFailed {
  return new CallFailed(kind, call, message);
}

/** Matches a text that has all the parts, in this order. */
export function saying(...parts: readonly string[]): unknown {
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return expect.stringMatching(new RegExp(escaped.join('[^]*')));
}

export const waits = (...parts: readonly string[]) => ({ do: 'wait', why: saying(...parts) });
export const fails = (...parts: readonly string[]) => ({ do: 'fail', why: saying(...parts) });
export const looks = (at: string) => ({ do: 'look', at });
