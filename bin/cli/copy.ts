import { prefixOfHash, totalBytes } from '../../weights/lock';
import { copy as copyLocked } from '../../weights/transfer';
import { command } from './command';
import { destination, requireOnePlace, STACK_OPTIONS } from './destination';
import { AWS_OPTIONS, awsOf, PROGRESS_SWITCHES, WRITE_OPTIONS, writeChoiceOf } from './flags';
import { LOCK_FILE, readLockFile } from './lock-file';
import { s3Address } from './s3-address';
import { progressMode, publishedJson, publishedLines, staleLines, transferring } from './transfer';

export const copy = command({
  name: 'copy',
  summary: 'copies what a lock file lists from one bucket to another, within S3',
  operands: ['<s3://from/prefix/>', '[s3://to/prefix/]'],
  about:
    "Copies exactly what a lock file lists, say from development's bucket to production's, also between accounts. No byte comes to this machine; every object is compared with the lock. May be stopped and run again. A bucket without a prefix means the prefix that 'upload' makes of the content. The caller must be allowed to read the first bucket (WeightsBucket has readerAccounts) and to write to the second.",
  switches: {
    prune: 'remove what lies below the new prefix and is no part of the model',
    replace: 'copy to a prefix where a finished upload of other content lies',
    ...PROGRESS_SWITCHES,
  },
  options: {
    lock: { value: 'FILE', help: `lock file that says what to copy; default: ${LOCK_FILE} in the working directory` },
    ...STACK_OPTIONS,
    ...AWS_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: [
    {
      what: 'promote a reviewed lock file',
      command: 'bedrock-gpt-oss copy --lock gpt-oss.lock.json s3://dev-weights/ s3://prod-weights/ --profile prod',
    },
  ],
  exit: { 0: 'everything is there, and verified', 1: 'not all of it; the reason is said', 2: 'wrong use' },
  async run(given, context) {
    const [source = '', address] = given.operands;
    const { has, option } = given;
    const mode = progressMode(given);
    requireOnePlace(address, given);
    const from = s3Address(source);
    const choice = writeChoiceOf(given);
    const lock = await readLockFile(option('lock') ?? LOCK_FILE);
    const content = prefixOfHash(lock.hash);
    const { bucket, prefix = content } = await destination(address, given, context);
    const [original, store] = await Promise.all([
      context.outside.store(from.bucket, awsOf(given)),
      context.outside.store(bucket, choice),
    ]);
    const planned = { files: lock.files.length, bytes: totalBytes(lock) };
    const begun = Date.now();
    return transferring(context, mode, planned, async (options) => {
      const result = await copyLocked({
        ...options,
        lock,
        from: { store: original, prefix: from.prefix || content },
        to: { store, prefix },
        ...(choice.owner !== undefined && { account: choice.owner }),
        replace: has('replace'),
        prune: has('prune'),
      });
      return {
        code: 0,
        lines: [...publishedLines('copied', result, Date.now() - begun), ...staleLines(result, has('prune'))],
        json: publishedJson(result),
      };
    });
  },
});
