import { inspect } from 'node:util';
import { Answer, answerable } from '../imported-model/answer';
import { CallFailed } from '../imported-model/port';
import type { FrameworkEvent, Noted } from '../imported-model/request';
import type { CopyAttributes } from '../../lib/contract';
import { nextCopy } from './next-copy';
import { nextRemoval } from './next-removal';
import { type Outside, UnknownRevision } from './port';
import { type CopyRequest, executionFamily, idOf, parseCopyRequest, pinned, type WantedCopy } from './request';
import type { Look, Seen, Step } from './seen';

/** A poll stops looking after this long and says "not yet". Milliseconds. */
const POLL = 20_000;

export interface OnEventAnswer extends Noted {
  readonly PhysicalResourceId?: string;
}

export interface IsCompleteAnswer {
  readonly IsComplete: boolean;
  readonly Data?: CopyAttributes;
}

/** The two handlers that the Provider framework calls for copies from Hugging Face. */
export function hubCopies(outside: Outside) {
  return {
    /** Writes nothing; a branch or a tag is resolved here, because the physical id says which commit is wanted. */
    onEvent: (event: FrameworkEvent): Promise<OnEventAnswer> =>
      answering(outside, event, async () => {
        const request = parseCopyRequest(event);
        const noted = { Started: outside.now(), CameWith: event.PhysicalResourceId };
        if (request.type === 'Delete') return { ...noted, PhysicalResourceId: event.PhysicalResourceId };
        const Stack = await outside.stacks.moment(request.stackId);
        const { place, link } = request.commit === '' ? await resolved(outside, request) : request;
        return { ...noted, Stack, PhysicalResourceId: `${idOf(place)}${link > 1 ? link : ''}` };
      }),

    /** One poll: looks and acts until the copy is there, has failed, or needs time. */
    isComplete: (event: FrameworkEvent): Promise<IsCompleteAnswer> =>
      answering(outside, event, async () => {
        const request = parseCopyRequest(event);
        const began = outside.now();
        let seen: Seen = { now: began, started: event.Started ?? began, noted: event.Stack };
        for (;;) {
          const step = request.type === 'Delete' ? nextRemoval(seen, request) : nextCopy(seen, request);
          outside.log({
            ...whose(event),
            next: step.do,
            ...('at' in step && { at: step.at }),
            ...('why' in step && { why: step.why }),
          });
          if (step.do === 'wait') return { IsComplete: false };
          if (step.do === 'finish') return { IsComplete: true, ...(step.attributes && { Data: step.attributes }) };
          if (step.do === 'fail') throw answerable(step.why);
          if (outside.now() > began + POLL) return { IsComplete: false };
          seen = { ...(await act(outside, request, seen, step)), now: outside.now() };
        }
      }),
  };
}

async function resolved(outside: Outside, wanted: WantedCopy): Promise<WantedCopy> {
  try {
    return pinned(wanted, await outside.resolve(wanted));
  } catch (error) {
    if (error instanceof UnknownRevision) throw answerable(error.message);
    throw error;
  }
}

/** Takes one step and returns what is seen after it; a call that fails is something seen, too. */
async function act(outside: Outside, request: CopyRequest, seen: Seen, step: Step): Promise<Seen> {
  try {
    switch (step.do) {
      case 'look':
        return { ...seen, ...(await glance(outside, request, step.at)) };
      case 'start':
        if (request.type === 'Delete') return seen;
        await outside.executions.start(request.stateMachineArn, request.execution, inputOf(request));
        return { ...seen, asked: true, running: undefined };
      case 'stop':
        await outside.executions.stop(step.arn, 'the copy is not wanted any more');
        return { ...seen, stopped: true, running: undefined };
      case 'remove': {
        if (request.type !== 'Delete') return seen;
        const kept = step.kept === undefined ? undefined : prefixIn(step.kept);
        return { ...seen, removed: await outside.copies.removeAllBut(request.bucket, request.bucketOwner, kept) };
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
  const { stateMachineArn, stackId, logicalId, place } = request;
  switch (at) {
    case 'running':
      return { running: place ? await executions.running(stateMachineArn, executionFamily(place)) : [] };
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
    case 'current':
      return { current: await stacks.physicalId(stackId, logicalId) };
  }
}

/** What the state machine's function is told: see `Copy` in lambda/hub-copier/task.ts. */
function inputOf(wanted: WantedCopy): object {
  const { repository, revision, commit, endpoint, tokenSecretArn, place, bucketOwner, acceptedFindings } = wanted;
  const where = { ...place, account: bucketOwner };
  return { copy: { repository, revision, commit, endpoint, tokenSecretArn, ...where, acceptedFindings } };
}

function prefixIn(id: string): string {
  return id.replace(/^s3:\/\/[^/]+\//, '').replace(/\d+$/, '');
}

function whose({ RequestId, RequestType, LogicalResourceId }: FrameworkEvent): Record<string, unknown> {
  return { request: RequestId, type: RequestType, resource: LogicalResourceId };
}

/** A bug is answered in words and within bounds, too; its stack trace is for the log. */
async function answering<T>(outside: Outside, event: FrameworkEvent, handle: () => Promise<T>): Promise<T> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Answer) throw error;
    outside.log({ ...whose(event), bug: inspect(error) });
    throw answerable(
      `The copy's handler broke off: ${error instanceof Error ? error.message : String(error)}. ` +
        'Next: deploy again; if that fails as well, report it with the stack trace in its log.',
    );
  }
}
