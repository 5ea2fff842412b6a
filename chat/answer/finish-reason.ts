/** OpenAI's reasons; Converse's and Bedrock's own words for them besides. */
const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>(
  Object.entries({
    stop: 'stop',
    end_turn: 'stop',
    stop_sequence: 'stop',
    length: 'length',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_calls: 'tool_calls',
    tool_use: 'tool_calls',
    function_call: 'tool_calls',
    content_filter: 'content_filter',
    content_filtered: 'content_filter',
    guardrail_intervened: 'content_filter',
  } satisfies Record<string, FinishReason>),
);

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** An unknown reason counts as `stop`; the caller of this keeps the word under `stop_reason`. */
export function finishReason(given: string, hasToolCalls: boolean): FinishReason {
  const reason = REASONS.get(given) ?? 'stop';
  // vLLM says 'stop' when the caller named the tool that had to be called
  return reason === 'stop' && hasToolCalls ? 'tool_calls' : reason;
}

export function isKnownReason(given: string): boolean {
  return REASONS.has(given);
}
