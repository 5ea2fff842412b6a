import type { ChoicePiece, Piece, Usage } from '../answer/piece';
import type { ConverseEvent, ConverseReply, ConverseUsage } from '../converse-shapes';
import type { JsonObject } from '../json';
import type { ConverseCall, Runtime } from '../port';
import type { Way } from './asking';
import type { Line } from './line';
import { peeked } from './stream-reading';

/** Through Converse and ConverseStream, for base models. */
export function converseWay(runtime: Runtime, call: ConverseCall, line: Line): Way {
  return {
    ask: async ({ timeout }) => {
      const asked = runtime.converse(call, line.signal);
      const { requestId, reply } = await line.within(timeout, 'no answer from Bedrock', asked);
      return { requestId, pieces: [replyPiece(reply)] };
    },
    askStream: async (limits) => {
      const { requestId, items } = await peeked(runtime.converseStream(call, line.signal), limits, line);
      return { requestId, items: piecesOf(items) };
    },
  };
}

function replyPiece({ text, reasoning, toolCalls, stopReason, usage, trace }: ConverseReply): Piece {
  const calls = toolCalls.map(({ id, name, input }) => ({ id, function: { name, arguments: JSON.stringify(input) } }));
  return {
    choices: [{ index: 0, isWhole: true, text, reasoning, toolCalls: calls, finish: stopReason }],
    ...(usage && { usage: openAiUsage(usage) }),
    isLast: true,
    extras: traceField(trace),
  };
}

async function* piecesOf(events: AsyncIterable<ConverseEvent>): AsyncGenerator<Piece> {
  for await (const event of events) {
    const choice = eventChoice(event);
    yield {
      choices: choice ? [choice] : [],
      ...(event.usage && { usage: openAiUsage(event.usage) }),
      isLast: event.isLast,
      extras: traceField(event.trace),
    };
  }
}

function eventChoice({ text, reasoning, toolStart, toolInput, stopReason }: ConverseEvent): ChoicePiece | undefined {
  const begun = toolStart && { index: toolStart.block, id: toolStart.id, function: { name: toolStart.name } };
  const more = toolInput && { index: toolInput.block, function: { arguments: toolInput.text } };
  const toolCalls: JsonObject[] = [begun, more].filter((call) => call !== undefined);
  const saysNothing =
    text === undefined && reasoning === undefined && stopReason === undefined && toolCalls.length === 0;
  return saysNothing ? undefined : { index: 0, text, reasoning, toolCalls, finish: stopReason };
}

function openAiUsage({ inputTokens, outputTokens, totalTokens }: ConverseUsage): Usage {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: totalTokens };
}

/** Under the name that InvokeModel gives it. */
function traceField(trace: JsonObject | undefined): JsonObject {
  return trace ? { 'amazon-bedrock-trace': trace } : {};
}
