import { inspect } from 'node:util';
import { Answer, answerable } from '../imported-model/answer';
import { ROLLING_BACK } from '../imported-model/alive';
import { patiently } from '../imported-model/patiently';
import type { CallFailed, StackMoment } from '../imported-model/port';
import type { FrameworkEvent, Noted } from '../imported-model/request';
import type { CopyAttributes } from '../../lib/contract';
import { act } from './act';
import { nextCopy, refused } from './next-copy';
import { nextRemoval } from './next-removal';
import { type Outside, UnknownRevision } from './port';
import { commitBefore, parseCopyRequest, physicalIdOf, pinned, type WantedCopy } from './request';
import type { Seen } from './seen';

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
        const Stack = await patiently(
          outside,
          () => outside.stacks.moment(request.stackId),
          (error) => refused(error, `${request.repository} was not copied`),
        );
        const wanted = request.commit === '' ? await resolved(outside, request, Stack) : request;
        return { ...noted, Stack, PhysicalResourceId: physicalIdOf(wanted) };
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

/** A rollback goes back to what the resource has, whatever a branch is by now, and though no Hub answers. */
async function resolved(outside: Outside, wanted: WantedCopy, { status }: StackMoment): Promise<WantedCopy> {
  const { repository } = wanted;
  const before = status === ROLLING_BACK ? commitBefore(wanted) : undefined;
  if (before !== undefined) return pinned(wanted, before);
  const ask = () => outside.resolve(wanted);
  const why = (error: CallFailed) =>
    error instanceof UnknownRevision ? error.message : refused(error, `${repository} was not copied`);
  return pinned(wanted, await patiently(outside, ask, why));
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
