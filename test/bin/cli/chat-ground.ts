import type { Lines } from '../../../bin/cli/chat/keyboard';
import type { Models } from '../../../bin/cli/chat/models';
import type { Outside } from '../../../bin/cli/outside';
import type { BedrockFetchOptions } from '../../../chat';
import { realClock } from '../../../chat/clock';
import { openAiFetch } from '../../../chat/open-ai-fetch';
import { chatAnswer, HELLO_FRAMES, IMPORTED, METRICS } from '../../chat/answers';
import { type Call, fakeRuntime, type Reply } from '../../chat/fake-runtime';
import { virtualClock } from '../../chat/virtual-clock';
import { type Circumstances, ran } from './ground';

export const HELLO: Reply = { frames: [...HELLO_FRAMES.slice(0, -1), METRICS] };
export const WHOLE: Reply = { body: chatAnswer({ content: 'Hello you', reasoning_content: 'A greeting.' }) };

export interface Chatted {
  /** What one line after another was answered to, the prompts included. */
  readonly typed?: readonly string[];
  readonly piped?: string;
  readonly models?: Partial<Models>;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  readonly env?: Circumstances['env'];
  /** Told of each call's signal, as if by a hand on Ctrl-C. */
  readonly stop?: (stop: () => void) => void;
}

/** Runs `chat …` over a runtime that plays these replies. */
export async function chatted(argv: readonly string[], replies: readonly Reply[], how: Chatted = {}) {
  let calls: readonly Call[] = [];
  let told: { options?: BedrockFetchOptions; profile?: string } = {};
  const prompts: string[] = [];
  const outside: Partial<Outside> = {
    openAi: (options, profile) => {
      const runtime = fakeRuntime(...replies);
      calls = runtime.calls;
      told = { options, profile };
      // time that jumps would be over before anybody could stop anything
      const clock = how.stop || how.signal ? realClock : virtualClock();
      return Promise.resolve(openAiFetch(options, () => runtime, clock));
    },
    models: () =>
      Promise.resolve({
        imported: () => Promise.resolve(new Map()),
        outputs: () => Promise.resolve(undefined),
        ...how.models,
      }),
    keyboard: () =>
      Promise.resolve({
        isTTY: how.piped === undefined,
        text: () => Promise.resolve(how.piped ?? ''),
        open: () => typist(how.typed ?? [], prompts, how.stop),
      }),
  };
  const circumstances: Circumstances = {
    outside,
    isTTY: how.isTTY ?? false,
    ...(how.signal && { signal: how.signal }),
    ...(how.env && { env: how.env }),
  };
  const said = await ran(['chat', ...argv], circumstances);
  return { ...said, calls, prompts, told };
}

function typist(typed: readonly string[], prompts: string[], stop: Chatted['stop']): Lines {
  const left = [...typed];
  return {
    next: (prompt) => {
      prompts.push(prompt);
      return Promise.resolve(left.shift());
    },
    stoppable: (run) => {
      const controller = new AbortController();
      stop?.(() => {
        controller.abort();
      });
      return run(controller.signal);
    },
    close: () => undefined,
  };
}

/** The messages that a call sent. */
export function messagesOf(call: Call | undefined): unknown {
  return call?.body?.['messages'];
}

export { IMPORTED };
