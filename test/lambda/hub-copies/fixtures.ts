import type { Execution } from '../../../lambda/hub-copies/port';
import { executionFamily, idOf, type UnwantedCopy, type WantedCopy } from '../../../lambda/hub-copies/request';
import type { Seen } from '../../../lambda/hub-copies/seen';
import { CALM, STACK, STARTED } from '../fixtures';

export { CALM, failed, fails, looks, MINUTE, saying, STACK, STARTED, waits } from '../fixtures';

export const COMMIT = '1'.repeat(40);
export const OTHER_COMMIT = '2'.repeat(40);
export const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:Copies';

export const prefixOf = (commit: string) => `hf/openai/gpt-oss-20b/${commit}-r1/`;
export const PLACE = { bucket: 'weights', prefix: prefixOf(COMMIT) };
export const OTHER_PLACE = { bucket: 'weights', prefix: prefixOf(OTHER_COMMIT) };
export const ID = idOf(PLACE);
export const OTHER_ID = idOf(OTHER_PLACE);
export const EXECUTION = `${executionFamily(PLACE)}00000000-0000-4000-8000-000000000001`;

/** A poll a quarter of a minute after the request came. */
export const POLL: Seen = { now: STARTED + 15_000, started: STARTED, noted: CALM };

export const WANTED: WantedCopy = {
  type: 'Update',
  stackId: STACK,
  logicalId: 'Copy',
  repository: 'openai/gpt-oss-20b',
  revision: COMMIT,
  commit: COMMIT,
  rules: 'r1',
  endpoint: '',
  tokenSecretArn: '',
  place: PLACE,
  before: OTHER_ID,
  bucketOwner: '123456789012',
  acceptedFindings: [],
  stateMachineArn: MACHINE,
  copierArn: 'arn:aws:lambda:us-east-1:123456789012:function:Copier',
  execution: EXECUTION,
  link: 1,
  links: 1,
  timeoutSeconds: 3000,
};

export const UNWANTED: UnwantedCopy = {
  type: 'Delete',
  stackId: STACK,
  logicalId: 'Copy',
  place: PLACE,
  bucket: 'weights',
  bucketOwner: '123456789012',
  stateMachineArn: MACHINE,
  removes: true,
  link: 1,
  timeoutSeconds: 3000,
};

export const THERE = { Prefix: PLACE.prefix, Commit: COMMIT, Hash: 'b'.repeat(64), Files: '5', Bytes: '1000' };

export function execution(given: Partial<Execution> = {}): Execution {
  const name = given.name ?? EXECUTION;
  return { arn: `arn:${name}`, name, status: 'running', cause: '', ...given };
}
