interface Hint {
  readonly when: RegExp;
  readonly remedy: string;
}

/**
 * What to do about a job that failed. Bedrock's own words differ from release to release and few are published, so a
 * hint looks for the one word that matters; the message itself is always passed on whole.
 */
const HINTS: readonly Hint[] = [
  {
    when: /architecture/i,
    remedy: 'config.json must say "architectures": ["GptOssForCausalLM"], and GPT-OSS is imported in us-east-1 only',
  },
  {
    when: /total_parameters|metadata/i,
    remedy:
      'model.safetensors.index.json must have a root "metadata" that is {} or holds "total_size" alone; remove other keys such as "total_parameters" and upload the file again',
  },
  {
    when: /tokenizer/i,
    remedy:
      'tokenizer.json and tokenizer_config.json must lie beside the weights, with a tokenizer_class that Bedrock knows (PreTrainedTokenizerFast)',
  },
  {
    when: /access|denied|forbidden|permission|kms|decrypt|not authorized/i,
    remedy:
      "the import role must be allowed to read the prefix and to use the bucket's key; a bucket of another account needs a bucket policy that names it",
  },
  {
    when: /index|shard|missing|not found|does not exist|no such/i,
    remedy: 'every file that model.safetensors.index.json names must lie under the prefix; upload the folder again',
  },
  {
    when: /header|safetensors|corrupt|truncat|incomplete/i,
    remedy: 'a weights file is damaged or was cut off; compare sizes with the source and upload it again',
  },
  {
    when: /size|too large|exceed|limit/i,
    remedy:
      'text models must be smaller than 200 GB: GPT-OSS 120B can be imported in MXFP4 (65 GB) but not in BF16 (234 GB)',
  },
  {
    when: /internal|try again|unexpected/i,
    remedy: 'this is on the side of Bedrock: deploy again, which makes a new job for the same weights',
  },
];

const OTHERWISE =
  'correct the files under the prefix and deploy again; if only the files changed, change the version too';

export function hintFor(failure: string): string {
  return HINTS.find((hint) => hint.when.test(failure))?.remedy ?? OTHERWISE;
}
