import { readProblem, type Place } from './import-role';
import { readArchitecture, tokenizerProblem } from './model-config';
import { ModelFolder } from './model-folder';
import type { Role, Weights } from './ports';
import { weightsProblem } from './shards';
import type { Switches } from './switches';

/** What an import job finds. A refusal's message becomes the job's `failureMessage`. */
export type Verdict = { readonly architecture: string } | { readonly problem: string };

export interface Inspection {
  readonly place: Place;
  readonly role: Role | undefined;
  readonly region: string;
  readonly weights: Weights;
  readonly switches: Switches;
}

/**
 * Reads a prefix as an import job does. What only inference needs, generation_config.json and the chat template, is
 * not looked at: AWS's imports don't either.
 */
export async function inspect({ place, role, region, weights, switches }: Inspection): Promise<Verdict> {
  const folder = await ModelFolder.open(weights, place);
  if (!folder) return { problem: `The specified bucket does not exist: ${place.bucket}` };
  if (switches.crossRegionBucket === 'job-fails' && folder.bucket.region !== region) {
    return { problem: `The S3 bucket ${place.bucket} is in ${folder.bucket.region}. It must be in ${region}.` };
  }
  const denied = role
    ? readProblem(role, folder.bucket, place, folder.keys)
    : 'the provided role does not exist any more';
  if (denied) return { problem: `Amazon Bedrock could not access the model data in S3: ${denied}` };
  const missing = filesProblem(folder, switches);
  if (missing) return { problem: missing };
  const config = await readArchitecture(folder, region, switches);
  if ('problem' in config) return config;
  const problem = (await tokenizerProblem(folder, switches)) ?? (await weightsProblem(folder, switches));
  return problem === undefined ? config : { problem };
}

function filesProblem(folder: ModelFolder, switches: Switches): string | undefined {
  const uri = `s3://${folder.place.bucket}/${folder.place.prefix}`;
  if (folder.names.length === 0) return `No model files were found at ${uri}`;
  const inside = folder.names.find((name) => name.includes('/'));
  if (inside !== undefined && switches.subfolders === 'refused')
    return `Unexpected folder in the model data: ${inside}`;
  const absent = ['config.json', 'tokenizer.json', 'tokenizer_config.json'].filter(
    (name) => folder.size(name) === undefined,
  );
  if (!folder.names.some((name) => name.endsWith('.safetensors') && !name.includes('/'))) absent.push('*.safetensors');
  return absent.length === 0 ? undefined : `The model is missing required files: ${absent.join(', ')}.`;
}
