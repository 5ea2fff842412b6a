import OpenAI from 'openai';
import { bedrockFetch } from '../../chat';
import { openAiFetch } from '../../chat/open-ai-fetch';
import type { BedrockFetchOptions } from '../../chat/options';
import { IMPORTED } from './answers';
import { fakeBedrock, type WireAnswer, type WireRequest } from './fake-bedrock';
import { fakeRuntime, type Call, type Reply } from './fake-runtime';
import { virtualClock } from './virtual-clock';

/** The official client over a runtime that plays these replies, in virtual time. */
export function overRuntime(options: BedrockFetchOptions, ...replies: Reply[]) {
  const runtime = fakeRuntime(...replies);
  const clock = virtualClock();
  const fetch = openAiFetch({ model: IMPORTED, ...options }, () => runtime, clock);
  const openai = new OpenAI({ apiKey: 'unused', maxRetries: 0, timeout: 60_000, fetch });
  const calls: readonly Call[] = runtime.calls;
  return { openai, calls, clock, runtime, fetch };
}

/** The official client over AWS's real client, over these bytes. */
export function overWire(options: BedrockFetchOptions, ...answers: WireAnswer[]) {
  const { client, requests } = fakeBedrock(...answers);
  const fetch = bedrockFetch({ model: IMPORTED, client, ...options });
  const openai = new OpenAI({ apiKey: 'unused', maxRetries: 0, timeout: 60_000, fetch });
  const sent: readonly WireRequest[] = requests;
  return { openai, sent, fetch };
}
