import { prefixOfHash, totalBytes } from '../../weights/lock';
import { few } from '../../weights/printable';
import { download as get, type DownloadResult } from '../../weights/transfer';
import { localTarget } from '../../weights/transfer/local-folder';
import { clock } from './bars';
import { command } from './command';
import { count } from './findings';
import { AWS_OPTIONS, awsOf, PROGRESS_SWITCHES } from './flags';
import { readLockFile } from './lock-file';
import { s3Address, s3Text } from './s3-address';
import { size } from './size';
import { progressMode, transferring } from './transfer';

export const download = command({
  name: 'download',
  summary: 'gets a model folder from S3, verified',
  operands: ['<s3://bucket/prefix/>', '<folder>'],
  about:
    "Gets a model folder from S3 in parallel and compares every file with its lock file. May be stopped and run again: what is there is not moved twice, and a file has its name only when it is whole. A bucket without a prefix is refused, unless a lock file lies at its root; with --lock it means the prefix that 'upload' makes of the content.",
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
  ],
  exit: {
    0: 'everything is there, and verified as far as the bucket tells checksums',
    1: 'not all of it; the reason is said',
    2: 'wrong use',
  },
  async run(given, context) {
    const [source = '', folder = ''] = given.operands;
    const mode = progressMode(given);
    const from = s3Address(source);
    const lockFile = given.option('lock');
    const lock = lockFile === undefined ? undefined : await readLockFile(lockFile);
    const prefix = from.prefix === '' && lock ? prefixOfHash(lock.hash) : from.prefix;
    const store = await context.outside.store(from.bucket, awsOf(given));
    const planned = { files: lock?.files.length ?? 0, bytes: lock ? totalBytes(lock) : 0 };
    const begun = Date.now();
    let bytes = planned.bytes;
    return transferring(context, mode, planned, async ({ onEvent, signal }) => {
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

function lines({ moved, skipped, unproven }: DownloadResult, folder: string, bytes: number, ms: number): string[] {
  const there = skipped.length === 0 ? '' : ` (already there: ${count(skipped.length, 'file')})`;
  const what = [`${size(bytes)} in all`, ...(unproven.length === 0 ? ['verified'] : []), `in ${clock(ms / 1000)}`];
  const got = `got ${count(moved.length, 'file')} into ${folder}${there}: ${what.join(', ')}`;
  if (unproven.length === 0) return [got];
  return [got, `not verified, for want of a lock file and of checksums in the bucket: ${few(unproven, 10)}`];
}

function json({ lock, moved, skipped, unproven }: DownloadResult, folder: string) {
  return { folder, hash: lock?.hash, moved, skipped, unproven };
}
