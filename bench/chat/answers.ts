import { chatAnswer, chunk, METRICS } from '../../test/chat/answers';
import { chunkFrame } from '../../test/chat/event-stream';
import { bytes, readJson } from '../../test/chat/fake-runtime';

export { IMPORTED } from '../../test/chat/answers';

/** As many chunks as a request has tokens; and a first one with the role, one with the end, and Bedrock's metrics. */
export function answerFrames(tokens: number): readonly Uint8Array[] {
  const words = Array.from({ length: tokens }, (_, place) => chunk({ content: `word${place} ` }));
  const all = [chunk({ role: 'assistant', content: '' }), ...words, chunk({}, 'stop'), METRICS];
  return all.map(chunkFrame);
}

export const WHOLE_ANSWER = bytes(chatAnswer({ content: 'A short answer.', reasoning_content: 'They want it short.' }));

/** How long an answer a request wants. */
export function tokensOf(body: Uint8Array): number {
  const { max_tokens: tokens } = readJson(body);
  return typeof tokens === 'number' ? tokens : 0;
}
