import type { CallPiece, Usage } from './author';
import type { ReasoningPlace } from './reasoning';
import type { Choice, Turn } from './turn';

/** What every object of one answer says of it. */
export interface Heading {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** A whole answer in the shape of AWS's sample for imported models, with vLLM's extras and nulls. */
export function chatCompletion(heading: Heading, { choices, usage }: Turn, place: ReasoningPlace): object {
  return {
    ...heading,
    object: 'chat.completion',
    choices: choices.map((choice, index) => ({
      index,
      message: message(choice, place),
      logprobs: null,
      finish_reason: choice.finish,
      stop_reason: null,
      token_ids: null,
    })),
    service_tier: null,
    system_fingerprint: null,
    usage: openAiUsage(usage),
    prompt_logprobs: null,
    prompt_token_ids: null,
    kv_transfer_params: null,
  };
}

function message({ text, reasoning, calls }: Choice, place: ReasoningPlace): object {
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    refusal: null,
    annotations: null,
    audio: null,
    function_call: null,
    tool_calls: calls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })),
    ...('field' in place && { [place.field]: reasoning === '' ? null : reasoning }),
  };
}

/** The answer to a prompt with `max_tokens`. */
export function textCompletion(heading: Heading, { choices, usage }: Turn): object {
  return {
    ...heading,
    object: 'text_completion',
    choices: choices.map(({ text, finish }, index) => ({
      index,
      text,
      logprobs: null,
      finish_reason: finish,
      stop_reason: null,
    })),
    usage: openAiUsage(usage),
  };
}

export function openAiUsage({ promptTokens, completionTokens }: Usage): object {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    prompt_tokens_details: null,
  };
}

/** A part of a tool call, as it stands in a delta. */
export function callDelta({ call, id, name, arguments: text }: CallPiece): object {
  return {
    index: call,
    ...(id !== undefined && { id, type: 'function' }),
    function: { ...(name !== undefined && { name }), arguments: text },
  };
}
