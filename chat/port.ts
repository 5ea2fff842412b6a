import type { ConverseEvent, ConverseReply, ConverseRequest } from './converse-shapes';

/** Bedrock's runtime as this room needs it. Every call may throw a `RuntimeFailed`, and so may reading a stream. */
export interface Runtime extends InvokeRuntime {
  converse(
    call: ConverseCall,
    signal: AbortSignal,
  ): Promise<{ readonly requestId: string; readonly reply: ConverseReply }>;
  converseStream(call: ConverseCall, signal: AbortSignal): Promise<Frames<ConverseEvent>>;
}

/** The part of it that Bedrock's OpenAI endpoint has too. */
export interface InvokeRuntime {
  invoke(call: InvokeCall, signal: AbortSignal): Promise<{ readonly requestId: string; readonly body: Uint8Array }>;
  invokeStream(call: InvokeCall, signal: AbortSignal): Promise<Frames<Uint8Array>>;
}

export interface Frames<T> {
  readonly requestId: string;
  readonly frames: AsyncIterable<T>;
}

export interface CallSettings {
  readonly guardrail?: Guardrail;
  readonly serviceTier?: ServiceTier;
}

export interface InvokeCall extends CallSettings {
  readonly modelId: string;
  /** JSON in UTF-8, 25,000,000 bytes at most. */
  readonly body: Uint8Array;
}

export interface ConverseCall extends CallSettings {
  readonly modelId: string;
  readonly request: ConverseRequest;
}

/** Sent as `X-Amzn-Bedrock-GuardrailIdentifier`, `-GuardrailVersion` and `-Trace`. Whether Bedrock applies one to imported models is not documented. */
export interface Guardrail {
  /** Id or ARN. */
  readonly id: string;
  /** A number, or `DRAFT`. */
  readonly version: string;
  /** @default - no trace */
  readonly trace?: 'enabled' | 'enabled_full' | 'disabled';
}

/** Sent as `X-Amzn-Bedrock-Service-Tier`. Whether Bedrock takes one for imported models is not documented. */
export type ServiceTier = 'default' | 'flex' | 'priority' | 'reserved';

/** Why a call failed, by Bedrock's name for it; catch it to decide by `bedrockName`, never by a status. */
export class RuntimeFailed extends Error {
  constructor(
    /** Such as `ThrottlingException`; what the SDK calls it where Bedrock gave no answer. */
    readonly bedrockName: string,
    message: string,
    readonly about: {
      readonly requestId?: string;
      /** None when no answer came: a cut connection, a name that did not resolve; nor in a stream. */
      readonly status?: number;
      /** The status that the model's own server gave, which Bedrock hands on with some errors. */
      readonly originalStatus?: number;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
