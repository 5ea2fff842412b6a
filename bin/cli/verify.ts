import { prefixOfHash, totalBytes } from '../../weights/lock';
import { printable } from '../../weights/printable';
import { type TransferOptions, verify as compare, type VerifyResult } from '../../weights/transfer';
import { coloursFor } from './colours';
import { command, type Context } from './command';
import { destination, requireOnePlace, STACK_OPTIONS } from './destination';
import { count } from './findings';
import { AWS_OPTIONS, awsOf, PROGRESS_SWITCHES } from './flags';
import { LOCK_FILE, readLockFile } from './lock-file';
import { s3Text } from './s3-address';
import { progressMode, transferring } from './transfer';

export const verify = command({
  name: 'verify',
  summary: 'compares what lies in S3 with a lock file',
  operands: ['[s3://bucket/prefix/]'],
  about:
    "Compares what lies in S3 with a lock file: by the checksums that the bucket tells, where it tells none of a whole file by the receipt that the upload left beside it, or by reading every byte. Changes nothing. A bucket without a prefix means the prefix that 'upload' makes of the content.",
  switches: {
    deep: 'read everything and compare SHA-256, instead of asking for checksums and the receipt',
    ...PROGRESS_SWITCHES,
  },
  options: {
    lock: { value: 'FILE', help: `lock file to compare with; default: ${LOCK_FILE} in the working directory` },
    ...STACK_OPTIONS,
    ...AWS_OPTIONS,
  },
  examples: [
    { what: 'by checksums', command: 'bedrock-gpt-oss verify s3://my-weights/med/v3/ --lock gpt-oss.lock.json' },
    { what: 'by reading', command: 'bedrock-gpt-oss verify s3://my-weights/med/v3/ --deep' },
  ],
  exit: {
    0: 'every file of the lock is there and the same',
    1: 'a file is missing, different or not proven; or S3 could not be asked',
    2: 'wrong use',
  },
  async run(given, context) {
    const { has, option } = given;
    const [address] = given.operands;
    const mode = progressMode(given);
    requireOnePlace(address, given);
    const lock = await readLockFile(option('lock') ?? LOCK_FILE);
    const { bucket, prefix = prefixOfHash(lock.hash) } = await destination(address, given, context);
    const store = await context.outside.store(bucket, awsOf(given));
    const planned = { files: lock.files.length, bytes: totalBytes(lock) };
    const comparing = async (options: Required<Pick<TransferOptions, 'onEvent' | 'signal'>>) => {
      const result = await compare({ ...options, lock, store, prefix, deep: has('deep') });
      const place = s3Text({ bucket, prefix });
      const { verified, files, surplus } = result;
      return {
        code: verified ? 0 : 1,
        lines: [...differences(result), ...surplusLines(result), verdict(result, place, context.out)],
        json: { address: place, hash: lock.hash, verified, files, surplus },
      } as const;
    };
    return transferring(
      context,
      mode,
      planned,
      comparing,
      'nothing was compared to the end, and the same command begins anew',
    );
  },
});

function differences({ files }: VerifyResult): string[] {
  return files
    .filter(({ state }) => state !== 'same')
    .map(({ name, state }) => `${state.padEnd(9)} ${printable(name)}`);
}

function surplusLines({ surplus }: VerifyResult): string[] {
  return surplus.map((key) => `surplus   ${printable(key)}`);
}

function verdict({ verified, files }: VerifyResult, place: string, out: Context['out']): string {
  const { green, red } = coloursFor(out.stdout, out);
  if (verified) return `${green('verified')}: ${count(files.length, 'file')} below ${place}`;
  const unproven = files.some(({ state }) => state === 'unproven');
  return `${red('not verified')}: ${place}${unproven ? '; --deep reads what neither checksum nor receipt proves' : ''}`;
}
