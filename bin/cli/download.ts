import { isHubAddress } from '../../weights/hub';
import { prefixOfHash, totalBytes } from '../../weights/lock';
import { few } from '../../weights/printable';
import { download as get, type DownloadResult } from '../../weights/transfer';
import { localTarget } from '../../weights/transfer/local-folder';
import { BACKOFF, type Retry, retrying } from '../../weights/transfer/retry';
import { type Store, StoreError } from '../../weights/transfer/store';
import { command } from './command';
import { downloadFromHub } from './download-hub';
import { AWS_OPTIONS, awsOf, PROGRESS_SWITCHES } from './flags';
import { readLockFile } from './lock-file';
import { newPath, unknownAddress } from './place';
import { isS3, s3Address, s3Text } from './s3-address';
import { gotLine, progressMode, transferring } from './transfer';
import { tellWhatStays } from './what-stays';

export const download = command({
  name: 'download',
  summary: 'gets a model folder from S3 or Hugging Face, verified',
  operands: ['<s3://bucket/prefix/ or hf://owner/name>', '<folder>'],
  about:
    "Gets a model folder in parallel. May be stopped and run again: what is there is not moved twice, and a file has its name only when it is whole. From S3, every file is compared with the lock file; a bucket without a prefix is refused, unless a lock file lies at its root; with --lock it means the prefix that 'upload' makes of the content. From Hugging Face, hf://owner/name@revision (without one: main), every file is compared with the hash that the Hub lists, and what an upload leaves out stays there: metal/, original/, other formats. A private or gated repository needs HF_TOKEN, a Hub of your own HF_ENDPOINT.",
  switches: { replace: 'put files in the place of others of the same name in the folder', ...PROGRESS_SWITCHES },
  options: {
    lock: {
      value: 'FILE',
      help: 'lock file that says what to get; default: the one below the prefix, if there is one',
    },
    ...AWS_OPTIONS,
  },
  examples: [
    { what: 'to change weights here', command: 'bedrock-gpt-oss download s3://my-weights/med/v3/ ./my-model' },
    { what: 'from Hugging Face', command: 'bedrock-gpt-oss download hf://openai/gpt-oss-20b ./gpt-oss-20b' },
    {
      what: 'a commit of it, which never changes',
      command:
        'bedrock-gpt-oss download hf://openai/gpt-oss-20b@6cee5e81ee83917806bbde320786a8fb61efebee ./gpt-oss-20b',
    },
  ],
  exit: {
    0: 'everything is there, and verified: in S3, as far as the bucket tells checksums',
    1: 'not all of it; the reason is said',
    2: 'wrong use',
  },
  async run(given, context) {
    const [source = '', operand = ''] = given.operands;
    const folder = await newPath(operand);
    if (isHubAddress(source)) return downloadFromHub(source, folder, given, context);
    const mode = progressMode(given);
    if (!isS3(source)) throw unknownAddress(source);
    const from = s3Address(source);
    const lockFile = given.option('lock');
    const lock = lockFile === undefined ? undefined : await readLockFile(lockFile);
    const prefix = from.prefix === '' && lock ? prefixOfHash(lock.hash) : from.prefix;
    const store = await context.outside.store(from.bucket, awsOf(given));
    const planned = { files: lock?.files.length ?? 0, bytes: lock ? totalBytes(lock) : 0 };
    const begun = Date.now();
    let bytes = planned.bytes;
    return transferring(context, mode, planned, async ({ onEvent, signal }) => {
      if (mode === 'people') {
        const retry = retrying(BACKOFF, onEvent);
        await tellWhatStays(folder, context.out, async () => lock?.files ?? listed(store, prefix, retry, signal));
      }
      const result = await get({
        store,
        prefix,
        target: localTarget(folder),
        ...(lock && { lock }),
        replace: given.has('replace'),
        signal,
        onEvent(event) {
          if (event.type === 'plan') bytes = event.bytes;
          onEvent(event);
        },
      });
      if (result.moved.length + result.skipped.length === 0) {
        throw new Error(`there is nothing below ${s3Text({ bucket: from.bucket, prefix })}`);
      }
      return { code: 0, lines: lines(result, folder, bytes, Date.now() - begun), json: json(result, folder) };
    });
  },
});

/** Undefined where it would be a whole bucket, or may not be listed: who may get a model by its lock may not always list. */
async function listed(store: Store, prefix: string, retry: Retry, signal: AbortSignal) {
  if (prefix === '') return undefined;
  const objects = await retry(signal, () => store.list(prefix, signal)).catch(unlessForbidden);
  return objects?.map(({ key }) => ({ name: key.slice(prefix.length) }));
}

function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof StoreError) || error.failure !== 'forbidden') throw error;
}

function lines(result: DownloadResult, folder: string, bytes: number, ms: number): string[] {
  const { unproven } = result;
  const got = gotLine(result, folder, { bytes, verified: unproven.length === 0, ms });
  if (unproven.length === 0) return [got];
  return [got, `not verified, for want of a lock file and of checksums in the bucket: ${few(unproven, 10)}`];
}

function json({ lock, moved, skipped, unproven }: DownloadResult, folder: string) {
  return { folder, hash: lock?.hash, moved, skipped, unproven };
}
