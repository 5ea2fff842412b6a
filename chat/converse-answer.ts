import type { ConverseEvent, ConverseReply, ConverseUsage } from './converse-shapes';
import { isObject, parseJson, type JsonObject, type JsonValue } from './json';

/** What is read of Converse's answer; every part may be missing. */
interface GivenAnswer {
  readonly output?: { readonly message?: { readonly content?: readonly GivenBlock[] } };
  readonly stopReason?: string;
  readonly usage?: Partial<ConverseUsage>;
  readonly trace?: object;
}

interface GivenBlock {
  readonly text?: string;
  readonly reasoningContent?: { readonly reasoningText?: { readonly text?: string } };
  readonly toolUse?: { readonly toolUseId?: string; readonly name?: string; readonly input?: JsonValue };
}

/** What is read of an event of ConverseStream: one of these is there. */
interface GivenEvent {
  readonly contentBlockStart?: {
    readonly contentBlockIndex?: number;
    readonly start?: { readonly toolUse?: { readonly toolUseId?: string; readonly name?: string } };
  };
  readonly contentBlockDelta?: {
    readonly contentBlockIndex?: number;
    readonly delta?: {
      readonly text?: string;
      readonly reasoningContent?: { readonly text?: string };
      readonly toolUse?: { readonly input?: string };
    };
  };
  readonly messageStop?: { readonly stopReason?: string };
  readonly metadata?: { readonly usage?: Partial<ConverseUsage>; readonly trace?: object };
}

export function converseReply({ output, stopReason, usage, trace }: GivenAnswer): ConverseReply {
  const blocks = output?.message?.content ?? [];
  return {
    text: blocks.map((block) => block.text ?? '').join(''),
    reasoning: blocks.map((block) => block.reasoningContent?.reasoningText?.text ?? '').join(''),
    toolCalls: blocks.flatMap(({ toolUse }) =>
      toolUse ? [{ id: toolUse.toolUseId ?? '', name: toolUse.name ?? '', input: toolInput(toolUse.input) }] : [],
    ),
    stopReason: stopReason ?? '',
    ...(usage && { usage: counts(usage) }),
    ...(trace && { trace: plain(trace) }),
  };
}

export function converseEvent(event: GivenEvent): ConverseEvent {
  const { contentBlockStart: begun, contentBlockDelta: more, messageStop, metadata } = event;
  const call = begun?.start?.toolUse;
  const { text, reasoningContent, toolUse } = more?.delta ?? {};
  return {
    ...(call && {
      toolStart: { block: begun.contentBlockIndex ?? 0, id: call.toolUseId ?? '', name: call.name ?? '' },
    }),
    ...(text !== undefined && { text }),
    ...(reasoningContent?.text !== undefined && { reasoning: reasoningContent.text }),
    ...(toolUse && { toolInput: { block: more?.contentBlockIndex ?? 0, text: toolUse.input ?? '' } }),
    ...(messageStop && { stopReason: messageStop.stopReason ?? '' }),
    ...(metadata && { isLast: true }),
    ...(metadata?.usage && { usage: counts(metadata.usage) }),
    ...(metadata?.trace && { trace: plain(metadata.trace) }),
  };
}

function counts({ inputTokens = 0, outputTokens = 0, totalTokens }: Partial<ConverseUsage>): ConverseUsage {
  return { inputTokens, outputTokens, totalTokens: totalTokens ?? inputTokens + outputTokens };
}

function toolInput(input: JsonValue | undefined): JsonObject {
  return isObject(input) ? input : {};
}

/** A trace is JSON on the wire; the SDK's types don't say so. */
function plain(trace: object): JsonObject {
  const value = parseJson(JSON.stringify(trace));
  return isObject(value) ? value : {};
}
