/** Answers and frames in the shapes that Bedrock documents, and in those that its model servers are known for. */
export const IMPORTED = 'arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdef012345';
export const BASE = 'openai.gpt-oss-20b-1:0';

/** As in AWS's sample for imported models, with vLLM's extras and nulls. */
export function chatAnswer(message: object, finish = 'stop', more: object = {}): object {
  return {
    id: 'chatcmpl-b3d',
    object: 'chat.completion',
    created: 1_763_000_000,
    model: '111122223333-abcdef012345',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: [],
          reasoning_content: null,
          ...message,
        },
        logprobs: null,
        finish_reason: finish,
        stop_reason: null,
        token_ids: null,
      },
    ],
    service_tier: null,
    system_fingerprint: null,
    usage: { prompt_tokens: 98, total_tokens: 105, completion_tokens: 7, prompt_tokens_details: null },
    prompt_logprobs: null,
    prompt_token_ids: null,
    kv_transfer_params: null,
    ...more,
  };
}

/** vLLM's chunk. */
export function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return {
    id: 'chatcmpl-b3d',
    object: 'chat.completion.chunk',
    created: 1_763_000_000,
    model: '111122223333-abcdef012345',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish, stop_reason: null, token_ids: null }],
    prompt_token_ids: null,
    ...more,
  };
}

export const METRICS = {
  'amazon-bedrock-invocationMetrics': {
    inputTokenCount: 98,
    outputTokenCount: 7,
    invocationLatency: 812,
    firstByteLatency: 244,
  },
};

/** A short answer with reasoning, as a stream of vLLM's. */
export const HELLO_FRAMES = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'A greeting. ' }),
  chunk({ reasoning_content: 'Greet back.' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo ' }),
  chunk({ content: 'you' }),
  chunk({}, 'stop'),
  METRICS,
];
