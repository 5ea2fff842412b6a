import { error, note, SOURCES, warning, type Finding } from '../finding';
import type { ModelFile } from '../model-folder';
import { few, printable, sizeText } from '../printable';
import type { Selection } from '../selection';
import { INDEX } from '../file-names';
import type { ModelFiles } from './model-files';

/** tokenizer.model too stands in AWS's list, but GPT-OSS has none, and AWS's own walkthrough imports it without. */
const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/** Weights in formats that Bedrock does not read; training_args.bin is a pickle of settings. */
const OTHER_WEIGHTS = /^(?!training_args\.bin$)[^/]*\.(bin|pt|pth|ckpt|h5|msgpack|onnx|gguf)$/;

/** What OpenAI's and the downloaders' folders hold is never a model by itself. */
const INNER_MODEL = /^(?!original\/|metal\/|\.)(.+\/)config\.json$/;

export function fileFindings(
  address: string,
  files: ReadonlyMap<string, ModelFile>,
  shards: readonly string[],
): Finding[] {
  const inner = [...files.keys()].flatMap((name) => INNER_MODEL.exec(name)?.[1] ?? []).sort();
  if (inner.length > 0 && shards.length === 0 && !files.has('config.json')) return [modelsBelow(address, inner)];
  const adapter = files.has('adapter_config.json');
  if (adapter && shards.length === 0) return [unmergedAdapter('adapter_config.json', 'describes a LoRA adapter')];
  return [
    ...NEEDED.filter((name) => !files.has(name)).map(missing),
    ...(shards.length === 0 ? [noSafetensors([...files.keys()])] : []),
    ...(adapter ? [besideModel()] : []),
  ];
}

function missing(file: string): Finding {
  const remedy = `copy ${file} from the model that this one was made from`;
  return error({ code: 'file-missing', file, problem: 'is not there', remedy, source: SOURCES.files });
}

function noSafetensors(names: readonly string[]): Finding {
  const others = names.filter((name) => OTHER_WEIGHTS.test(name));
  const problem =
    others.length > 0
      ? `the folder has no .safetensors file; ${few(others)} ${others.length === 1 ? 'is' : 'are'} in a format that Bedrock does not read`
      : 'the folder has no .safetensors file';
  const remedy = 'save the model with save_pretrained of transformers, or download its .safetensors files';
  return error({ code: 'no-safetensors', file: '', problem, remedy, source: SOURCES.files });
}

export function unmergedAdapter(file: string, what: string): Finding {
  const problem = `${what}, and Bedrock imports whole models`;
  const remedy =
    'merge it: PeftModel.from_pretrained(base, adapter).merge_and_unload(), then save_pretrained(…, save_original_format=False)';
  return error({ code: 'adapter-unmerged', file, problem, remedy });
}

/** Whoever names a whole bucket, or the folder of all models, means one of them. */
function modelsBelow(address: string, folders: readonly string[]): Finding {
  const [first = ''] = folders;
  const which = folders.length === 1 ? 'a model lies' : 'models lie';
  const problem = `the folder has no .safetensors file; ${which} below it, in ${few(folders, 10)}`;
  const remedy = address.startsWith('hf://')
    ? `download the folder of one model, such as ${printable(first)}, with Hugging Face's own tool, and upload that: a folder of a repository cannot be named`
    : `name the folder of one model, such as ${address.replace(/\/?$/, '/')}${printable(first)}`;
  return error({ code: 'no-safetensors', file: '', problem, remedy });
}

function besideModel(): Finding {
  const problem = 'lies beside a whole model: it is left out, and counts only if it was merged before';
  const remedy = 'make sure that the model is the merged one';
  return warning({ code: 'adapter-beside-model', file: 'adapter_config.json', problem, remedy });
}

const LEFT_OVER = 'is left over from another save into this folder';

/** Leftovers on a disk stay behind in an upload; those in S3 are read by an import. */
export function leftoverFindings(address: string, modelFiles: ModelFiles): Finding[] {
  const { leftovers, staleIndex, ambiguous, shards } = modelFiles;
  const base = { code: 'leftover-weights', repairable: true } as const;
  const found = address.startsWith('s3://')
    ? (file: string) => error({ ...base, file, problem: LEFT_OVER, remedy: 'delete it from the prefix' })
    : (file: string) =>
        warning({
          ...base,
          file,
          problem: `${LEFT_OVER}; an upload leaves it out`,
          remedy: 'remove it from the folder',
        });
  const findings = [...leftovers, ...(staleIndex ? [INDEX] : [])].map(found);
  if (!ambiguous) return findings;
  const several = `the folder holds shards of more than one model: ${few(shards)}`;
  const remedy = 'save into an empty folder, or move the shards of the other model away';
  return [...findings, error({ code: 'two-models', file: '', problem: several, remedy })];
}

/** What stays behind, said by reason: a folder of hundreds of files is one line. */
export function leftOutFindings(address: string, { leftOut }: Selection): Finding[] {
  const byReason = new Map<string, { names: string[]; bytes: number }>();
  for (const { name, why, size } of leftOut) {
    const group = byReason.get(why) ?? { names: [], bytes: 0 };
    group.names.push(name);
    group.bytes += size;
    byReason.set(why, group);
  }
  return [...byReason].map(([why, { names, bytes }]) => {
    const [first = ''] = names;
    const file = names.length === 1 ? first : '';
    const subject = names.length === 1 ? 'is left out' : `${few(names)} are left out`;
    const problem = `${subject} (${sizeText(bytes)}): ${why}`;
    if (!address.startsWith('s3://') || !/^(metal|original)\//.test(first)) {
      return note({ code: 'left-out', file, problem, remedy: '' });
    }
    const remedy = 'delete it from the prefix: an import reads all that lies there';
    return warning({ code: 'subfolders-in-s3', file, problem, remedy, source: SOURCES.walkthrough });
  });
}
