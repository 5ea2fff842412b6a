import type { ModelFolder } from './model-folder';
import type { Switches } from './switches';

/** The list in AWS's message, with what the user guide has added since. */
const architectures = [
  'llama', 'mistral', 't5', 'mixtral', 'gpt_bigcode', 'mllama', 'poolside',
  'qwen2', 'qwen2_vl', 'qwen2_5_vl', 'qwen3', 'qwen3_moe', 'gpt_oss',
]; // prettier-ignore

/** AWS: "less than 128K", yet its own walkthrough imports GPT-OSS, which has exactly that. */
const maxContext = 131_072;

/** AWS's list of supported tokenizers, fast variants included. */
const tokenizers = [
  'T5Tokenizer', 'LlamaTokenizer', 'CodeLlamaTokenizer', 'GPT2Tokenizer', 'GPTNeoXTokenizer', 'PreTrainedTokenizer',
  'Qwen2Tokenizer',
].flatMap((name) => [name, `${name}Fast`]); // prettier-ignore

/** `model_type` of the folder's config.json, or why Bedrock refuses it. */
export async function readArchitecture(
  folder: ModelFolder,
  region: string,
  switches: Switches,
): Promise<{ readonly architecture: string } | { readonly problem: string }> {
  const config = await folder.json('config.json');
  if (!config) return { problem: 'The config.json file of the model is not a valid JSON object.' };
  const modelType: unknown = config['model_type'];
  const architecture = typeof modelType === 'string' ? modelType : 'unknown';
  const classes: unknown = config['architectures'];
  const gptOss = architecture === 'gpt_oss';
  const wrongHead = gptOss && !(Array.isArray(classes) && classes.includes('GptOssForCausalLM'));
  const allowedHere = !gptOss || switches.gptOssRegions.split(',').includes(region);
  const supported = architectures.filter(
    (name) => name !== 'gpt_oss' || switches.gptOssRegions.split(',').includes(region),
  );
  if (!architectures.includes(architecture) || wrongHead || !allowedHere) {
    const named = wrongHead ? `${architecture}, ${JSON.stringify(classes)}` : architecture;
    return {
      problem: `Amazon bedrock does not support the architecture (${named}) of the model that you are importing. Try again with one of the following supported architectures: [${supported.join(', ')}].`,
    };
  }
  const context: unknown = config['max_position_embeddings'];
  if (typeof context === 'number' && context > maxContext) {
    return { problem: `The maximum context length of the model (${String(context)}) must be less than 128K.` };
  }
  return { architecture };
}

/** Why Bedrock refuses the folder's tokenizer, or undefined. */
export async function tokenizerProblem(folder: ModelFolder, switches: Switches): Promise<string | undefined> {
  const config = await folder.json('tokenizer_config.json');
  if (!config) return 'The tokenizer_config.json file of the model is not a valid JSON object.';
  if (!(await folder.json('tokenizer.json'))) return 'The tokenizer.json file of the model is not a valid JSON object.';
  const name: unknown = config['tokenizer_class'];
  if (switches.unlistedTokenizer === 'accepted' || typeof name !== 'string' || tokenizers.includes(name))
    return undefined;
  return `Amazon Bedrock does not support the tokenizer (${name}) of the model that you are importing.`;
}
