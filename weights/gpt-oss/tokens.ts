/** The tokens that end an answer, as Bedrock wants them in generation_config.json: return, endoftext, call. */
export const END_TOKENS = [200002, 199999, 200012] as const;

/** The tokens of GPT-OSS's message format, by the ids that its weights were trained with. */
export const SPECIAL_TOKENS: ReadonlyMap<string, number> = new Map([
  ['<|startoftext|>', 199998],
  ['<|endoftext|>', 199999],
  ['<|return|>', 200002],
  ['<|constrain|>', 200003],
  ['<|channel|>', 200005],
  ['<|start|>', 200006],
  ['<|end|>', 200007],
  ['<|message|>', 200008],
  ['<|call|>', 200012],
]);
