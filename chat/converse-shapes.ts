import type { JsonObject } from './json';

/** What is used of Converse's request, reply and events: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export interface ConverseRequest {
  readonly messages: ConverseMessage[];
  readonly system?: { readonly text: string }[];
  readonly inferenceConfig?: ConverseInference;
  readonly toolConfig?: { readonly tools: ConverseTool[]; readonly toolChoice?: ConverseToolChoice };
  readonly additionalModelRequestFields?: JsonObject;
}

export interface ConverseInference {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stopSequences?: string[];
}

export interface ConverseMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ConverseBlock[];
}

export type ConverseBlock =
  | { readonly text: string }
  | { readonly reasoningContent: { readonly reasoningText: { readonly text: string } } }
  | { readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: JsonObject } }
  | { readonly toolResult: { readonly toolUseId: string; readonly content: { readonly text: string }[] } };

export interface ConverseTool {
  readonly toolSpec: {
    readonly name: string;
    readonly description?: string;
    readonly inputSchema: { readonly json: JsonObject };
    readonly strict?: boolean;
  };
}

export type ConverseToolChoice =
  { readonly auto: object } | { readonly any: object } | { readonly tool: { readonly name: string } };

export interface ConverseUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

export interface ConverseReply {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: { readonly id: string; readonly name: string; readonly input: JsonObject }[];
  readonly stopReason: string;
  readonly usage?: ConverseUsage;
  /** The guardrail's trace, if it was asked for. */
  readonly trace?: JsonObject;
}

/** One event of ConverseStream, flat: the fields that it has. */
export interface ConverseEvent {
  readonly text?: string;
  readonly reasoning?: string;
  /** A tool call begins in the content block of this number. */
  readonly toolStart?: { readonly block: number; readonly id: string; readonly name: string };
  readonly toolInput?: { readonly block: number; readonly text: string };
  readonly stopReason?: string;
  /** Counts come last. */
  readonly isLast?: boolean;
  readonly usage?: ConverseUsage;
  readonly trace?: JsonObject;
}
