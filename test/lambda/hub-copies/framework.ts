import type { FrameworkEvent } from '../../../lambda/imported-model/request';
import { COMMIT, MACHINE, STACK } from './fixtures';

export const PROPERTIES = {
  Repository: 'openai/gpt-oss-20b',
  Revision: COMMIT,
  RepairRules: 'r1',
  Bucket: 'weights',
  BucketOwner: '123456789012',
  StateMachineArn: MACHINE,
  CopierArn: 'arn:aws:lambda:us-east-1:123456789012:function:Copier',
  RemoveCopies: 'true',
  TimeoutSeconds: '3000',
  Link: '1',
  Links: '1',
};

let requests = 0;

/** An event as the Provider framework hands it on. */
export function event(
  type: FrameworkEvent['RequestType'],
  properties: object = {},
  more: Partial<FrameworkEvent> = {},
): FrameworkEvent {
  requests += 1;
  return {
    RequestType: type,
    RequestId: `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`,
    StackId: STACK,
    LogicalResourceId: 'Copy',
    ResourceProperties: { ...PROPERTIES, ...properties },
    ...more,
  };
}
