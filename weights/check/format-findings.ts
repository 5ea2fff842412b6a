import { error, SOURCES, warning, type Finding } from '../finding';
import { quantMethod } from '../gpt-oss/config';
import type { JsonObject } from '../json';
import { counted, few } from '../printable';
import type { Format } from './model-findings';
import type { Matrix } from './tensor-findings';

/** Whether all experts are stored alike, under the right names, and as config.json says. */
export function formatFindings(format: Format, matrices: readonly Matrix[], config: JsonObject): Finding[] {
  const renamed = matrices.flatMap(({ found }) => found.rename?.[0] ?? []);
  const findings: Finding[] = [];
  if (renamed.length > 0) {
    const what = format === 'mxfp4' ? 'MXFP4 under the names of BF16' : 'BF16 under the names of MXFP4';
    const problem = `${counted(renamed.length, 'expert tensor is', 'expert tensors are')} ${what}, and loaders fill them with random numbers: ${few(renamed)}`;
    const remedy = 'rename them in headers and index, or save with save_pretrained(…, save_original_format=False)';
    const source = SOURCES.misnamed;
    findings.push(
      error({ code: 'experts-misnamed', file: '', problem, remedy, source, repairable: format !== 'mixed' }),
    );
  }
  if (format === 'mixed') {
    const packed = matrices.flatMap(({ found, matrix }) => (found.format === 'mxfp4' ? [matrix.name] : []));
    const problem = `the experts are MXFP4 in ${packed.length} of ${matrices.length} matrices and BF16 in the others`;
    const remedy = 'save the model again, whole, in one of the two';
    findings.push(error({ code: 'experts-mixed', file: '', problem, remedy }));
  }
  return [...findings, ...quantizationFindings(format, quantMethod(config))];
}

function quantizationFindings(format: Format, method: unknown): Finding[] {
  const base = { file: 'config.json', repairable: true };
  if (format === 'bf16' && method !== undefined) {
    const problem = 'has a "quantization_config", and the experts are not quantized';
    return [error({ ...base, code: 'quantization-stale', problem, remedy: 'remove "quantization_config"' })];
  }
  if (format !== 'mxfp4') return [];
  const unconfirmed = warning({
    code: 'mxfp4-unconfirmed',
    file: '',
    problem:
      'the experts are MXFP4, as OpenAI publishes them; AWS says neither that Bedrock takes it nor that it does not',
    remedy: 'try it; a 20B can be saved as BF16 instead (42 GB)',
    source: SOURCES.files,
  });
  if (method === 'mxfp4') return [unconfirmed];
  const problem = 'does not say that the experts are MXFP4, so that loaders take the blocks for something else';
  const remedy = 'add the "quantization_config" of the original model';
  return [error({ ...base, code: 'quantization-missing', problem, remedy }), unconfirmed];
}
