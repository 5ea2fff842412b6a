import { error, note, warning, type Finding } from '../finding';
import { counted, few, sizeText } from '../printable';
import type { Tensor } from '../safetensors';

const WIDE = new Set(['F16', 'F32']);
const KNOWN = new Set(['BF16', ...WIDE]);

/** transformers keeps these in FP32 on purpose when it saves an FP16 or MXFP4 model again. */
const SMALL = /(norm\.weight|bias|sinks)$/;

/**
 * BF16 is GPT-OSS's type.
 * @param packed names of blocks and scales, which are U8 by right
 */
export function dtypeFindings(tensors: ReadonlyMap<string, Tensor>, packed: ReadonlySet<string>): Finding[] {
  const wide: string[] = [];
  const small: string[] = [];
  const unsupported: string[] = [];
  for (const [name, { dtype }] of tensors) {
    if (WIDE.has(dtype)) (SMALL.test(name) ? small : wide).push(name);
    else if (!KNOWN.has(dtype) && !(dtype === 'U8' && packed.has(name))) unsupported.push(`${name} ${dtype}`);
  }
  return [
    ...(unsupported.length > 0 ? [unsupportedTypes(unsupported)] : []),
    ...(wide.length > 0 ? [wideTypes(wide, tensors)] : []),
    ...(wide.length === 0 && small.length > 0 ? [mixture(small)] : []),
  ];
}

function unsupportedTypes(names: readonly string[]): Finding {
  const problem = `${counted(names.length, 'tensor has a type', 'tensors have types')} that GPT-OSS has no use for: ${few(names)}`;
  return error({ code: 'dtype-unsupported', file: '', problem, remedy: 'save the model as BF16' });
}

function wideTypes(names: readonly string[], tensors: ReadonlyMap<string, Tensor>): Finding {
  const types = [...new Set(names.map((name) => tensors.get(name)?.dtype ?? ''))].sort().join(' and ');
  let now = 0;
  let then = 0;
  for (const { dtype, bytes } of tensors.values()) {
    now += bytes;
    then += dtype === 'F32' ? bytes / 2 : bytes;
  }
  const problem = `${counted(names.length, 'weight is', 'weights are')} ${types} (${few(names, 1)}): ${sizeText(now)}, and as BF16 ${sizeText(then)}; AWS does not say which types Bedrock takes`;
  const remedy = 'save the model as BF16: model.to(torch.bfloat16).save_pretrained(…)';
  return warning({ code: 'dtype-wide', file: '', problem, remedy });
}

function mixture(names: readonly string[]): Finding {
  const problem = `${counted(names.length, 'norm or bias is', 'norms or biases are')} FP16 or FP32, as transformers keeps them: ${few(names, 1)}`;
  return note({ code: 'dtype-mixture', file: '', problem, remedy: '' });
}
