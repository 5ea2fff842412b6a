import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellLines } from '../../local/shell';
import { shellLine } from '../cli/shell-line';

/** What the demo leaves running. */
export interface Explored {
  /** Of the AWS. */
  readonly environment: Readonly<Record<string, string>>;
  /** The small model on this disk. */
  readonly folder: string;
  readonly stack: string;
  /** Whether Bedrock has refused the weights: then there is no model. */
  readonly broken: boolean;
  /** The stack's; undefined when it has none any more. */
  readonly bucket?: string;
  /** A Hub, and where the model is on it. */
  readonly hub?: { readonly url: string; readonly address: string };
}

/** What to paste into another shell, so that `aws`, `cdk` and `bedrock-gpt-oss` talk to what runs here. */
export function variables({ environment, hub }: Explored): string {
  return shellLines({ ...environment, ...(hub && { HF_ENDPOINT: hub.url }) });
}

/** Commands to begin with, in a checkout; each works as it stands. */
export function commands({ folder, stack, broken, bucket, hub }: Explored): string[] {
  const ofHub = hub
    ? [
        ['check', hub.address],
        ['download', hub.address, join(tmpdir(), 'gpt-oss-small')],
      ]
    : [];
  const ofFolder = [['check', folder], ...(broken ? [['repair', folder, '--dry-run']] : [])];
  const lock = ['--lock', join(tmpdir(), 'gpt-oss-small.lock.json')];
  const ofBucket =
    bucket === undefined ? [] : [['upload', folder, `s3://${bucket}/again/`, ...lock, ...(broken ? ['--repair'] : [])]];
  const ofModel = broken ? [] : [['chat', 'ModelArn', 'What are you?', '--stack', stack]];
  return [...ofHub, ...ofFolder, ...ofBucket, ...ofModel].map((words) =>
    shellLine(['npx', 'bedrock-gpt-oss', ...words]),
  );
}
