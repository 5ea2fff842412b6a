import { CallFailed } from '../imported-model/port';
import type { Outside } from './port';
import { ANY_COPY, type CopyRequest, executionFamily, type WantedCopy } from './request';
import type { Look, Seen, Step } from './seen';

/** Takes one step and returns what is seen after it; a call that fails is something seen, too. */
export async function act(outside: Outside, request: CopyRequest, seen: Seen, step: Step): Promise<Seen> {
  try {
    switch (step.do) {
      case 'look':
        return { ...seen, ...(await glance(outside, request, step.at)) };
      case 'start':
        if (request.type === 'Delete') return seen;
        await outside.executions.start(request.stateMachineArn, request.execution, inputOf(request));
        return { ...seen, asked: true, running: undefined };
      case 'stop':
        for (const arn of step.arns) await outside.executions.stop(arn, 'the copy is not wanted any more');
        return { ...seen, stopped: true, running: undefined };
      case 'remove': {
        if (request.type !== 'Delete') return seen;
        const { bucket, bucketOwner } = request;
        return { ...seen, removed: await outside.copies.removeAllBut(bucket, bucketOwner, step.kept) };
      }
      case 'give-up': {
        if (request.type !== 'Delete') return seen;
        const { bucket, bucketOwner } = request;
        return { ...seen, givenUp: await outside.copies.giveUp({ bucket, prefix: step.prefix }, bucketOwner) };
      }
      case 'wait':
      case 'finish':
      case 'fail':
        return seen;
    }
  } catch (error) {
    if (error instanceof CallFailed) return { ...seen, trouble: error };
    throw error;
  }
}

async function glance(outside: Outside, request: CopyRequest, at: Look): Promise<Partial<Seen>> {
  const { executions, copies, stacks } = outside;
  const { stateMachineArn, stackId, logicalId } = request;
  const family = request.type === 'Delete' ? ANY_COPY : executionFamily(request.place);
  switch (at) {
    case 'running':
      return { running: await executions.running(stateMachineArn, family) };
    case 'own':
      return {
        own:
          request.type === 'Delete' ? 'none' : ((await executions.find(stateMachineArn, request.execution)) ?? 'none'),
      };
    case 'copy':
      return request.type === 'Delete'
        ? {}
        : { copy: (await copies.whole(request.place, request.repository, request.commit)) ?? 'none' };
    case 'stack':
      return { stack: await stacks.moment(stackId) };
    case 'declared':
      return { declared: await stacks.declares(stackId, logicalId) };
    case 'resource':
      return { resource: await stacks.resourceStatus(stackId, logicalId) };
    case 'current':
      return { current: await stacks.physicalId(stackId, logicalId) };
  }
}

/** What the state machine's function is told: see `Copy` in lambda/hub-copier/task.ts. */
function inputOf(wanted: WantedCopy): object {
  const { repository, revision, commit, rules, endpoint, tokenSecretArn, place, bucketOwner, acceptedFindings } =
    wanted;
  const where = { ...place, account: bucketOwner };
  return { copy: { repository, revision, commit, rules, endpoint, tokenSecretArn, ...where, acceptedFindings } };
}
