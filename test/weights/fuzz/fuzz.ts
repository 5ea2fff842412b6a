import fc from 'fast-check';
import { report } from '../../../weights/check/check';
import { CODES } from '../../../weights/codes';
import type { Finding } from '../../../weights/finding';
import { diff } from '../../../weights/repair/diff';
import { planRepair } from '../../../weights/repair/plan';
import { repaired } from '../../../weights/repair/repaired';
import { address, hostileFiles } from './hostile-content';
import { hostileFolder, type HostileFile, type WatchedFolder } from './hostile-folder';

export interface FuzzReport {
  readonly folders: number;
  readonly findings: number;
  /** How often each code was found. */
  readonly codes: ReadonlyMap<string, number>;
  readonly mostBytes: number;
  /** Milliseconds of the slowest folder: its check, and where it was repaired its repair. */
  readonly slowest: number;
  /** Folders in which something was repaired. */
  readonly repaired: number;
  /** What was wrong with the answer to the smallest folder that shows it. */
  readonly failure?: { readonly problem: string; readonly path: string; readonly names: readonly string[] };
}

/** What a check may read of any folder: five texts, a template, headers, and the ends of tokenizer.json. */
const MOST_BYTES = 64_000_000;

/** A folder is some kilobytes, and takes milliseconds; a loaded machine is slow, and a hang is longer. */
const LONGEST = 10_000;

/** A line of a terminal, and no more. */
const LONGEST_LINE = 2000;

/** Checks and repairs random hostile folders: each must be answered by findings, within bounds. */
export async function fuzz(options: { folders: number; seed: number; path?: string }): Promise<FuzzReport> {
  const codes = new Map<string, number>();
  const totals = { folders: 0, findings: 0, mostBytes: 0, slowest: 0, repaired: 0 };
  const property = fc.asyncProperty(hostileFiles, address, async (files, where) => {
    const began = performance.now();
    const folder = hostileFolder(files, where);
    const findings = await judgeCheck(folder);
    const changed = isStable(files) && (await judgeRepair(files, where, findings));
    const took = performance.now() - began;
    if (took > LONGEST) throw new Error(`the folder took ${took.toFixed(0)} ms`);
    totals.folders++;
    totals.findings += findings.length;
    totals.mostBytes = Math.max(totals.mostBytes, folder.watch.bytes);
    totals.slowest = Math.max(totals.slowest, took);
    totals.repaired += changed ? 1 : 0;
    for (const { code } of findings) codes.set(code, (codes.get(code) ?? 0) + 1);
  });
  const { seed, folders, path } = options;
  const result = await fc.check(property, { numRuns: folders, seed, ...(path !== undefined && { path }) });
  const [files = []] = result.counterexample ?? [];
  if (!result.failed) return { ...totals, codes };
  const problem = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  const names = files.map(({ name }) => JSON.stringify(name.slice(0, 200)));
  return { ...totals, codes, failure: { problem, path: result.counterexamplePath ?? '', names } };
}

async function judgeCheck(folder: WatchedFolder): Promise<readonly Finding[]> {
  const { findings, summary } = await report(folder);
  const { complaints, bytes } = folder.watch;
  require(complaints.length === 0, complaints.join('; '));
  require(bytes <= MOST_BYTES, `the check read ${bytes} bytes`);
  require(findings.length > 0, 'a folder that is not a 20B or 120B has no finding');
  for (const { code, problem, remedy } of findings) {
    require(Object.hasOwn(CODES, code), `no code: ${code}`);
    require(isLine(problem) && isLine(remedy), `not a line: ${JSON.stringify(problem + remedy)}`);
  }
  const numbers = [summary.parameters, summary.upload.bytes, summary.leftOut.bytes, summary.layers, summary.experts];
  require(numbers.every((number) => number >= 0), `a summary of ${numbers.join()}`);
  return findings;
}

/** Whether the folder says the same when it is read again. */
const isStable = (files: readonly HostileFile[]): boolean =>
  files.every(({ shrinksAfter }) => shrinksAfter === undefined);

/** Whether something was repaired; then nothing repairable may be left, and a second repair has nothing to do. */
async function judgeRepair(files: readonly HostileFile[], where: string, before: readonly Finding[]): Promise<boolean> {
  const folder = hostileFolder(files, where);
  const plan = await planRepair(folder);
  const wanted = before.some(({ repairable }) => repairable);
  require(wanted === plan.length > 0, `repairable is ${String(wanted)}, and ${plan.length} files would be repaired`);
  if (plan.length === 0) return false;
  for (const repair of plan) {
    const shown = diff(repair).split('\n');
    require(shown.every((line) => line.length < LONGEST_LINE), 'a diff with a line that is too long');
  }
  const mended = repaired(folder, plan);
  const left = (await report(mended)).findings.filter(({ repairable }) => repairable);
  require(left.length ===
    0, `left after a repair: ${left.map(({ code, problem }) => `${code}: ${problem}`).join('; ')}`);
  require((await planRepair(mended)).length === 0, 'a second repair has something to do');
  require(folder.watch.complaints.length === 0, folder.watch.complaints.join('; '));
  return true;
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

const isLine = (text: string): boolean => text.length < LONGEST_LINE && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
