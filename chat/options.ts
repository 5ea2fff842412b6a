import type { BedrockRuntimeClient } from './bedrock-runtime';
import type { Waiting } from './call/patience';
import type { Guardrail, ServiceTier } from './port';

export type { Guardrail, ServiceTier, Waiting };

/** How base models are called; imported models know InvokeModel only. */
export type BaseModelApi = 'invoke' | 'converse' | 'chat-completions';

/** Options of `bedrockFetch`. Give `model` or `models`; a wrong one is told by the first request, as an OpenAI error. */
export interface BedrockFetchOptions {
  /**
   * ARN of an imported model, or ARN or id of a base model (`openai.gpt-oss-20b-1:0`) or of an inference profile of one. Every
   * request goes to it, whatever its `model` says. May be undefined, so that `process.env.MODEL_ARN` can stand here; requests
   * are then refused.
   */
  readonly model?: string | undefined;

  /**
   * Names that requests may give as their `model`, and the ARN or id that each stands for; another name is answered with 404.
   * All models are in one Region.
   * @default - `model` alone, under any name
   */
  readonly models?: Readonly<Record<string, string>>;

  /**
   * Region of the models. Requests are refused if a model's ARN has another one.
   * @default - the Region of the first ARN; of an id, what the SDK's default chain says (`AWS_REGION`, profile)
   */
  readonly region?: string;

  /**
   * How base models are called. `invoke` takes OpenAI's own body, as imported models do, needs the same permission
   * (`bedrock:InvokeModel`, with streaming `bedrock:InvokeModelWithResponseStream`), and sends every field on as it is;
   * `converse` translates, and its answers come with reasoning and tool calls already apart; `chat-completions` is Bedrock's
   * OpenAI endpoint, with a Bedrock API key instead of credentials. Imported models take `invoke` only.
   * @default 'invoke'
   */
  readonly api?: BaseModelApi;

  /**
   * Bedrock API key, for `api: 'chat-completions'`.
   * @default - the `apiKey` of the `openai` client
   */
  readonly apiKey?: string;

  /**
   * Client of AWS's SDK to call with: its credentials, Region and endpoint count, and its retries come on top of those here.
   * @default - a client with the SDK's default chain of credentials and no retries of its own, made by `bedrockFetch`
   */
  readonly client?: BedrockRuntimeClient;

  /**
   * Address to call instead of Bedrock's, such as `http://127.0.0.1:4566`; with `chat-completions`, up to and without
   * `/chat/completions`. Ignored if `client` is given, except with `chat-completions`, which does without one.
   * @default - Bedrock's in the Region, or what `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` or `AWS_ENDPOINT_URL` says
   */
  readonly endpoint?: string;

  /** @default - no guardrail */
  readonly guardrail?: Guardrail;

  /**
   * Service tier of requests that don't give one as `service_tier`.
   * @default - Bedrock's own default
   */
  readonly serviceTier?: ServiceTier;

  /** How a model that is not loaded is waited for. Imported models are unloaded after five minutes without a call. */
  readonly coldStart?: {
    /**
     * Milliseconds after which the wait is given up with status 503; 0 never waits. The `openai` client gives up after ten
     * minutes by itself unless told otherwise.
     * @default 480000
     */
    readonly timeout?: number;
    /**
     * Called before each wait. Must not throw.
     * @default - nothing is called
     */
    readonly onWait?: (waiting: Waiting) => void;
  };

  /**
   * How often a throttled request (or one that Bedrock was unavailable for) is tried again, after waits of up to 0.5 s, 1 s,
   * 2 s…, 20 s at most. The `openai` client does not retry those on top.
   * @default 4
   */
  readonly maxRetries?: number;

  /**
   * Milliseconds in which Bedrock must begin to answer one attempt, or answer it if it is not a stream; after that the `openai`
   * client raises `APIConnectionTimeoutError` (and tries again, up to its own `maxRetries`).
   * @default 600000
   */
  readonly timeout?: number;

  /**
   * Milliseconds that may pass between two frames of a stream.
   * @default 120000
   */
  readonly idleTimeout?: number;

  /**
   * Fields of requests that are handed to Bedrock although it does not document them, such as `top_k`.
   * @default - none
   */
  readonly passFields?: readonly string[];

  /**
   * Fields of requests that may be left out, such as `user`, `metadata` or `store`. Without this they are refused by name:
   * no field is dropped in silence.
   * @default - none
   */
  readonly dropFields?: readonly string[];

  /**
   * What `api: 'chat-completions'` calls its endpoint with.
   * @default - the global fetch
   */
  readonly fetch?: typeof fetch;
}
