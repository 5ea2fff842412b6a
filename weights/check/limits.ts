import { error, SOURCES, warning, type Finding } from '../finding';
import type { JsonObject } from '../json';
import type { ModelFile } from '../model-folder';
import { bytesOf } from '../bytes-of';
import { isShard } from '../file-names';
import { sizeText, printable } from '../printable';
import type { Model } from './model-findings';

/** AWS: less than "200GB" for text models, not saying whether 10^9 or 2^30; the lower one. */
const MAX_WEIGHTS = 200_000_000_000;

/** AWS: "less than 128K", yet its own walkthrough imports GPT-OSS, which has exactly that. */
const MAX_CONTEXT = 131_072;

/** The characters that `s3Uri` of CreateModelImportJob allows between slashes. */
const KEY = /^[-!_*'().a-z0-9A-Z]+$/;
const ADDRESS = /^s3:\/\/[^/]+(\/[-!_*'().a-z0-9A-Z]+)*\/?$/;

export function limitFindings(
  address: string,
  config: JsonObject | undefined,
  upload: readonly ModelFile[],
  model: Pick<Model, 'format' | 'sizes'>,
): Finding[] {
  return [...sizeFinding(upload, model), ...contextFinding(config), ...nameFindings(address, upload)];
}

function sizeFinding(upload: readonly ModelFile[], { format, sizes }: Pick<Model, 'format' | 'sizes'>): Finding[] {
  const bytes = bytesOf(upload.filter(({ name }) => isShard(name)));
  if (bytes < MAX_WEIGHTS) return [];
  const large = format === 'bf16' && sizes?.num_local_experts === 128;
  const problem = `the weights have ${sizeText(bytes)}, and Bedrock imports less than 200 GB`;
  const remedy = large
    ? 'keep it in MXFP4 (65 GB): a 120B in BF16 has 234 GB and cannot be imported'
    : 'save the model in BF16 or MXFP4';
  return [error({ code: 'too-large', file: '', problem, remedy, source: SOURCES.files })];
}

function contextFinding(config: JsonObject | undefined): Finding[] {
  const context = config?.['max_position_embeddings'];
  if (typeof context !== 'number' || context <= MAX_CONTEXT) return [];
  const problem = `says max_position_embeddings ${context}, and Bedrock imports up to ${MAX_CONTEXT}`;
  const remedy = `set max_position_embeddings to ${MAX_CONTEXT}, if the model was not trained for more`;
  return [error({ code: 'context-length', file: 'config.json', problem, remedy, source: SOURCES.files })];
}

function nameFindings(address: string, upload: readonly ModelFile[]): Finding[] {
  const findings: Finding[] = [];
  if (address.startsWith('s3://') && !ADDRESS.test(address)) {
    const problem = `${printable(address)} has characters that Bedrock's API refuses`;
    const remedy = "copy the model to a prefix of letters, digits and -!_*'() only, without empty parts";
    findings.push(error({ code: 'prefix-characters', file: '', problem, remedy, source: SOURCES.api }));
  }
  for (const { name: file } of upload) {
    if (KEY.test(file)) continue;
    const problem =
      "has characters that Bedrock's API refuses in an S3 address; AWS does not say whether it reads such files";
    const remedy = 'rename the file, and make the index anew';
    findings.push(warning({ code: 'file-name', file, problem, remedy, source: SOURCES.api }));
  }
  return findings;
}
