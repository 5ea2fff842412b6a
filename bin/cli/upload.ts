import { bytesOf } from '../../weights/bytes-of';
import { InvalidHubAddressError, isHubAddress, parseHubAddress } from '../../weights/hub';
import type { LockSource } from '../../weights/lock';
import type { Finding } from '../../weights/finding';
import { localFolder } from '../../weights/local-folder';
import { printable } from '../../weights/printable';
import type { Repair } from '../../weights/repair/repair';
import { localSource } from '../../weights/transfer/local-folder';
import { upload as send } from '../../weights/transfer';
import { coloursFor } from './colours';
import { command, type Context } from './command';
import { destination, requireOnePlace, STACK_OPTIONS } from './destination';
import { count, findingLine, plain } from './findings';
import { AWS_OPTIONS, PROGRESS_SWITCHES, WRITE_OPTIONS, writeChoiceOf } from './flags';
import { LOCK_FILE, lockFileBefore, requireWritable, writeLockFile } from './lock-file';
import { mended } from './mended';
import { isOfAnother, isSameModel, otherModelText } from './other-model';
import { localPath } from './place';
import { s3Text } from './s3-address';
import { progressMode, publishedJson, publishedLines, staleLines, transferring } from './transfer';
import type { ProgressMode } from './show-progress';
import { UsageError } from './usage-error';

export const upload = command({
  name: 'upload',
  summary: 'sends a model folder to S3, verified, and writes its lock file',
  operands: ['<folder>', '[s3://bucket/prefix/]'],
  about:
    'Checks a model folder, sends it to S3 in parallel, compares what arrived with what was read, and writes a lock file for ModelSource.lockFile(). May be stopped at any moment: run again, it skips what is there and goes on. A bucket without a prefix gets one that is made of the content. Nothing is sent while the check finds errors.',
  switches: {
    repair: "mend on the way what 'repair' would mend; the folder stays as it is",
    prune: 'remove what lies below the prefix and is no part of the model',
    replace: 'send to a prefix where a finished upload of other content lies',
    ...PROGRESS_SWITCHES,
  },
  options: {
    lock: {
      value: 'FILE',
      help: `lock file to write, for committing, in the place of any other, damaged or not; default: ${LOCK_FILE} in the working directory, unless it is that of another model`,
    },
    source: { value: 'REPO[@REV]', help: 'where the weights come from, to be noted in the lock file' },
    ...STACK_OPTIONS,
    ...AWS_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: [
    { what: 'while a stack waits for its weights', command: 'bedrock-gpt-oss upload ./my-model --stack MyStack' },
    { what: 'to a prefix', command: 'bedrock-gpt-oss upload ./my-model s3://my-weights/med/v3/' },
    {
      what: 'to a prefix made of the content, repaired on the way',
      command:
        'bedrock-gpt-oss upload ./my-model s3://my-weights/ --repair --source openai/gpt-oss-20b@6cee5e81ee83917806bbde320786a8fb61efebee',
    },
  ],
  exit: { 0: 'everything is there, and verified', 1: 'not all of it; the reason is said', 2: 'wrong use' },
  async run(given, context) {
    const [folder = '', address] = given.operands;
    const { has, option } = given;
    const mode = progressMode(given);
    requireOnePlace(address, given);
    const origin = lockSource(option('source'));
    const choice = writeChoiceOf(given);
    const lockFile = option('lock') ?? LOCK_FILE;
    const isNamed = option('lock') !== undefined;
    const before = await lockFileBefore(lockFile, isNamed);
    const kept = isNamed ? undefined : before; // whoever names a file means it

    const path = await localPath(folder);
    const { inspection, repairs, source } = await mended(localFolder(path), localSource(path), has('repair'));
    if (!mayBeSent(inspection.findings, has('repair'), mode, context)) return 1;
    if (mode === 'people') context.out.stderr.write(repairs.map(repairLine).join(''));
    const files = inspection.selection.upload;
    if (kept && isOfAnother(kept, { source: origin, files })) throw new UsageError(otherModelText(lockFile, kept));
    await requireWritable(lockFile);
    const { bucket, prefix } = await destination(address, given, context);
    const store = await context.outside.store(bucket, choice);
    const planned = { files: files.length, bytes: bytesOf(files) };
    const begun = Date.now();
    return transferring(context, mode, planned, async (options) => {
      const result = await send({
        ...options,
        source,
        files: files.map(({ name }) => name),
        store,
        ...(prefix !== undefined && { prefix }),
        ...(origin && { origin }),
        ...(choice.owner !== undefined && { account: choice.owner }),
        replace: has('replace'),
        prune: has('prune'),
      });
      if (kept && !isSameModel(kept, result.lock)) {
        const sent = `everything is in ${s3Text(result)}, and verified; only the lock file is not written`;
        throw new Error(`${sent}: ${otherModelText(lockFile, kept)}. The same command then sends nothing twice`);
      }
      await writeLockFile(lockFile, result.lock);
      const locked = `lock file: ${lockFile}, to be committed; ModelSource.lockFile('${lockFile}', …) deploys exactly this`;
      return {
        code: 0,
        lines: [...publishedLines('sent', result, Date.now() - begun), ...staleLines(result, has('prune')), locked],
        json: { ...publishedJson(result), lockFile },
      };
    });
  },
});

function repairLine({ file, what }: Repair): string {
  return `on the way, ${printable(file)}: ${what}\n`;
}

/** Says what the check found, unless it is nothing. */
function mayBeSent(findings: readonly Finding[], repair: boolean, mode: ProgressMode, { out }: Context): boolean {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (mode === 'json') {
    if (errors.length > 0) out.stdout.write(`${JSON.stringify({ type: 'refused', findings: plain(findings) })}\n`);
    return errors.length === 0;
  }
  const colours = coloursFor(out.stderr, out);
  const told = mode === 'quiet' ? errors : findings.filter(({ severity }) => severity !== 'note');
  out.stderr.write(told.map((finding) => `${findingLine(finding, colours)}\n`).join(''));
  if (errors.length === 0) return true;
  const next = !repair && errors.every(({ repairable }) => repairable) ? '; --repair mends that on the way' : '';
  out.stderr.write(`nothing was sent: ${count(errors.length, 'error')}${next}\n`);
  return false;
}

/** `openai/gpt-oss-20b@main`, or the same with `hf://` before it. @throws UsageError */
function lockSource(text: string | undefined): LockSource | undefined {
  if (text === undefined) return undefined;
  try {
    const { repository, revision } = parseHubAddress(isHubAddress(text) ? text : `hf://${text}`);
    // where nobody says which revision, none is noted
    return text.includes('@') ? { repository, revision } : { repository };
  } catch (error) {
    if (!(error instanceof InvalidHubAddressError)) throw error;
    throw new UsageError(`--source is owner/name or owner/name@revision: ${error.message}`, { cause: error });
  }
}
