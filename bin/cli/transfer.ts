import { totalBytes } from '../../weights/lock';
import type { TransferOptions } from '../../weights/transfer/session';
import { few, sizeText } from '../../weights/printable';
import type { DownloadResult, PublishResult } from '../../weights/transfer';
import { clock } from './bars';
import type { Context, Given } from './command';
import { count } from './findings';
import type { ExitCode } from './out';
import type { Amounts } from './progress';
import { s3Text } from './s3-address';
import { type ProgressMode, showProgress } from './show-progress';
import { UsageError } from './usage-error';

/** @throws UsageError when both are asked for */
export function progressMode({ has }: Pick<Given<'quiet' | 'json', never>, 'has'>): ProgressMode {
  if (has('quiet') && has('json')) throw new UsageError('--quiet and --json exclude each other');
  return has('json') ? 'json' : has('quiet') ? 'quiet' : 'people';
}

/** What a transfer did, for people, and as the last line of `--json`. */
export interface Outcome {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

/** What is left of a transfer that somebody stops. */
const GOES_ON = 'what is there stays, and the same command goes on from there';

/**
 * Runs a transfer with its progress shown. When somebody stops it, it says how to go on.
 *
 * @param work is given what every transfer takes
 * @param stopped what the same command would do then
 */
export async function transferring(
  { out, again }: Context,
  mode: ProgressMode,
  planned: Amounts,
  work: (options: Required<Pick<TransferOptions, 'onEvent' | 'signal'>>) => Promise<Outcome>,
  stopped = GOES_ON,
): Promise<ExitCode> {
  const shown = showProgress(out, mode, planned);
  try {
    const outcome = await work({ onEvent: shown.tell, signal: out.signal });
    shown.end();
    if (mode === 'json') out.stdout.write(`${JSON.stringify({ type: 'result', ...outcome.json })}\n`);
    if (mode === 'people' || (mode === 'quiet' && outcome.code !== 0)) {
      out.stdout.write(outcome.lines.map((line) => `${line}\n`).join(''));
    }
    return outcome.code;
  } catch (error) {
    shown.end();
    if (!out.signal.aborted) throw error;
    out.stderr.write(`stopped; ${stopped}:\n  ${again}\n`);
    return 1;
  }
}

/** What a download has made of a folder. */
export function gotLine(
  { moved, skipped }: Pick<DownloadResult, 'moved' | 'skipped'>,
  folder: string,
  { bytes, verified, ms }: { readonly bytes: number; readonly verified: boolean; readonly ms: number },
): string {
  const there = skipped.length === 0 ? '' : ` (already there: ${count(skipped.length, 'file')})`;
  const what = [`${sizeText(bytes)} in all`, ...(verified ? ['verified'] : []), `in ${clock(ms / 1000)}`];
  return `got ${count(moved.length, 'file')} into ${folder}${there}: ${what.join(', ')}`;
}

/** What an upload or a copy has made of a prefix. */
export function publishedLines(done: string, { lock, bucket, prefix, moved, skipped }: PublishResult, ms: number) {
  const bytes = totalBytes(lock);
  const there = skipped.length === 0 ? '' : ` (already there: ${count(skipped.length, 'file')})`;
  return [
    `${done} ${count(moved.length, 'file')} to s3://${bucket}/${prefix}${there}: ${sizeText(bytes)} in all, verified, in ${clock(ms / 1000)}`,
  ];
}

export function publishedJson({ lock, bucket, prefix, moved, skipped, stale }: PublishResult) {
  return { address: s3Text({ bucket, prefix }), hash: lock.hash, moved, skipped, stale };
}

/** Keys are whatever somebody has put there. */
export function staleLines({ stale }: PublishResult, prune: boolean): string[] {
  if (stale.length === 0) return [];
  const keys = few(stale, 10);
  return prune
    ? [`removed, as no part of the model: ${keys}`]
    : [`no part of the model, and still there (--prune removes them): ${keys}`];
}
