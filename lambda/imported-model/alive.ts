import { SENDING } from './patience';
import type { StackMoment } from './port';

export const ROLLING_BACK = 'UPDATE_ROLLBACK_IN_PROGRESS';

/** What the stack is while CloudFormation waits for such a request; one that comes late finds it otherwise. */
const ALIVE = {
  Create: ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
  Update: ['UPDATE_IN_PROGRESS', ROLLING_BACK],
};

/** Whether CloudFormation still waits for a request: as far as the stack tells. */
export function isAlive(
  request: { readonly type: 'Create' | 'Update'; readonly sentAt?: number },
  { status, since }: StackMoment,
  noted: StackMoment | undefined,
): boolean {
  // sent before what the stack does now had begun: it came late, and looked alive from the first
  const isOld = request.sentAt !== undefined && request.sentAt + SENDING < Date.parse(since);
  return !isOld && ALIVE[request.type].includes(status) && status === noted?.status && since === noted.since;
}
