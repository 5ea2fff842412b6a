import { inspect } from 'node:util';
import type { ImportAttributes } from '../../lib/contract';
import { act } from './act';
import { Answer, answerable } from './answer';
import * as say from './messages';
import type { Outside } from './port';
import { nextDelete } from './next-delete';
import { nextImport } from './next-import';
import { patiently } from './patiently';
import { type FrameworkEvent, type Noted, parseRequest, type Request, stackRegion } from './request';
import type { Seen, Step } from './step';

export interface OnEventAnswer extends Noted {
  readonly PhysicalResourceId?: string;
}

export interface IsCompleteAnswer {
  readonly IsComplete: boolean;
  readonly Data?: ImportAttributes;
}

interface Handlers {
  readonly onEvent: (event: FrameworkEvent) => Promise<OnEventAnswer>;
  readonly isComplete: (event: FrameworkEvent) => Promise<IsCompleteAnswer>;
}

/** A poll stops looking after this long and says "not yet": a Lambda that times out fails the deployment. */
const POLL_MILLISECONDS = 20_000;

/** The two handlers that the Provider framework calls, over any outside. */
export function importedModels(outside: Outside): Handlers {
  return answeringBugs(outside, {
    /** Writes nothing, so that a request which dies here leaves nothing behind. */
    async onEvent(event: FrameworkEvent): Promise<OnEventAnswer> {
      const request = parsed(event);
      const { physicalId } = request;
      if (request.type === 'Delete')
        return { Started: outside.now(), CameWith: physicalId, PhysicalResourceId: physicalId };
      requireRegion(event.StackId, request.regions);
      const stack = await patiently(
        outside,
        () => outside.stacks.moment(event.StackId),
        (error) => say.refused(request, error),
      );
      const suffix = request.link > 1 ? `/${request.link}` : '';
      return {
        Started: outside.now(),
        CameWith: physicalId,
        Stack: stack,
        PhysicalResourceId: `${request.name}${suffix}`,
      };
    },

    /** One poll: looks and acts until the import is done, has failed, or needs time. */
    async isComplete(event: FrameworkEvent): Promise<IsCompleteAnswer> {
      const request = parsed(event);
      const began = outside.now();
      const until = began + POLL_MILLISECONDS;
      let seen: Seen = { now: began, started: event.Started ?? began, noted: event.Stack };
      for (;;) {
        const step = request.type === 'Delete' ? nextDelete(seen, request) : nextImport(seen, request);
        outside.log({ ...whose(event, request.name), ...told(step, seen) });
        switch (step.do) {
          case 'wait':
            return { IsComplete: false };
          case 'finish':
            return step.attributes ? { IsComplete: true, Data: step.attributes } : { IsComplete: true };
          case 'fail':
            throw answerable(step.why);
          case 'look':
          case 'create':
          case 'mark':
          case 'delete':
          case 'pause':
            if (outside.now() > until) return { IsComplete: false };
            seen = { ...(await act(outside, request, seen, step, until)), now: outside.now() };
        }
      }
    },
  });
}

/** A bug is answered in words and within bounds, too; its stack trace is for the log. */
function answeringBugs(outside: Outside, { onEvent, isComplete }: Handlers): Handlers {
  const answering =
    <T>(handle: (event: FrameworkEvent) => Promise<T>) =>
    async (event: FrameworkEvent): Promise<T> => {
      try {
        return await handle(event);
      } catch (error) {
        if (error instanceof Answer) throw error;
        const { name } = parsed(event);
        outside.log({ ...whose(event, name), bug: inspect(error) });
        throw answerable(say.brokeOff(name, error));
      }
    };
  return { onEvent: answering(onEvent), isComplete: answering(isComplete) };
}

function requireRegion(stackId: string, regions: readonly string[]): void {
  const region = stackRegion(stackId);
  if (regions.length === 0 || regions.includes(region)) return;
  throw answerable(
    `GPT-OSS can be imported in ${regions.join(', ')} only, and this stack is in ${region}. ` +
      `Next: deploy it there, or, if AWS has opened ${region}, list it in the context key 'cdk-bedrock-gpt-oss:regions'.`,
  );
}

function parsed(event: FrameworkEvent): Request {
  try {
    return parseRequest(event);
  } catch (error) {
    throw answerable(error instanceof Error ? error.message : String(error));
  }
}

/** Whose story a line of the log is. */
function whose(event: FrameworkEvent, model: string): Record<string, unknown> {
  return { request: event.RequestId, type: event.RequestType, resource: event.LogicalResourceId, model };
}

/** What the log says of a step. */
function told(step: Step, seen: Seen): Record<string, unknown> {
  const looked = Object.keys(seen).filter((key) => !['now', 'started', 'noted'].includes(key));
  return {
    next: step.do,
    ...('at' in step && { at: step.at }),
    ...('why' in step && { why: step.why }),
    seen: looked,
  };
}
