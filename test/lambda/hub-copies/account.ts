import type { CopyAttributes } from '../../../lib/contract';
import { type Execution, UnknownRevision } from '../../../lambda/hub-copies/port';
import { idOf, type Place } from '../../../lambda/hub-copies/request';
import type { VirtualTime } from '../../../local/cloudformation/virtual-time';

/** How an execution ends. `hangs` runs for a day. */
export type Ending = 'copied' | 'failed' | 'hangs';

export interface AccountOptions {
  /** Endings of the executions in the order in which they are started; those after are copied. */
  readonly endings?: readonly Ending[];
  readonly secondsPerCopy?: number;
  /** ListExecutions tells of a new execution this much later, and DescribeExecution too. */
  readonly secondsToBeListed?: number;
  /** What is under way when an execution is stopped still appears after this. */
  readonly secondsInFlight?: number;
}

export interface Run {
  readonly arn: string;
  readonly name: string;
  readonly machine: string;
  readonly place: Place;
  readonly began: number;
  ended?: number;
  status: Execution['status'];
  cause: string;
}

interface Order {
  readonly copy: Place & { readonly repository: string; readonly commit: string };
}

const FILES = ['config.json', 'model-1.safetensors', 'model-2.safetensors'];
const LOCK = 'weights.lock';
const PART = ' (in parts)';
const DAY = 24 * 3_600_000;

export const COMMITS = { v1: '1'.repeat(40), v2: '2'.repeat(40), v3: '3'.repeat(40) } as const;
const BRANCH = ['a', 'b', 'c', 'd', 'e', 'f'].map((digit) => digit.repeat(40));

/** Step Functions, S3 and a Hub as the copies' handler meets them, in virtual time. */
export class Account {
  readonly runs: Run[] = [];
  /** Keys by bucket; what is begun in parts counts as well. */
  readonly objects = new Map<string, Set<string>>();
  /** Buckets that something was removed from. */
  readonly removedFrom = new Set<string>();
  /** Where the branch 'main' is; -1 for a Hub that does not answer. */
  head = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly options: AccountOptions = {},
  ) {}

  start(machine: string, name: string, input: object): void {
    if (this.runs.some((run) => run.machine === machine && run.name === name)) return;
    const { copy } = input as Order;
    const place = { bucket: copy.bucket, prefix: copy.prefix };
    const ending = this.options.endings?.[this.runs.length] ?? 'copied';
    const arn = `${machine}:${name}`;
    const run: Run = { arn, name, machine, place, began: this.time.now(), status: 'running', cause: '' };
    this.runs.push(run);
    void this.#copy(run, ending, `${copy.repository}@${copy.commit}`);
  }

  running(machine: string, family: string): Execution[] {
    const found = this.runs.filter((run) => run.machine === machine && run.name.startsWith(family));
    return found.filter((run) => run.status === 'running' && this.#isListed(run));
  }

  find(machine: string, name: string): Execution | undefined {
    return this.runs.find((run) => run.machine === machine && run.name === name && this.#isListed(run));
  }

  stop(arn: string): void {
    const run = this.runs.find((one) => one.arn === arn);
    if (run?.status === 'running') this.#end(run, 'failed', 'stopped');
  }

  whole({ bucket, prefix }: Place, source: string): Omit<CopyAttributes, 'Execution'> | undefined {
    const keys = this.keys(bucket);
    const commit = source.split('@')[1] ?? '';
    const isWhole = keys.has(`${prefix}${LOCK}`) && FILES.every((name) => keys.has(`${prefix}${name}`));
    return isWhole ? { Prefix: prefix, Commit: commit, Hash: `of ${commit}`, Files: '3', Bytes: '30' } : undefined;
  }

  giveUp(): number {
    return 0; // its executions make objects whole or not at all
  }

  removeAllBut(bucket: string, kept: string | undefined): number {
    this.removedFrom.add(bucket);
    const keys = this.keys(bucket);
    const gone = [...keys].filter((key) => kept === undefined || !key.startsWith(kept));
    for (const key of gone) keys.delete(key);
    return gone.length;
  }

  /** @throws UnknownRevision for revisions that the Hub does not have */
  resolve(revision: string): string {
    if (revision === 'v9') throw new UnknownRevision(`Revision 'v9' could not be resolved: there is none`);
    const commit = revision === 'main' ? BRANCH[this.head] : COMMITS.v3;
    if (commit === undefined) throw new UnknownRevision(`Revision '${revision}' could not be resolved: no answer`);
    return commit;
  }

  keys(bucket: string): Set<string> {
    const keys = this.objects.get(bucket) ?? new Set();
    this.objects.set(bucket, keys);
    return keys;
  }

  /** One file after the other; the lock last. A stopped execution's file under way still appears. */
  async #copy(run: Run, ending: Ending, source: string): Promise<void> {
    const { secondsPerCopy = 600, secondsInFlight = 0 } = this.options;
    const keys = this.keys(run.place.bucket);
    const isStopped = () => run.status !== 'running';
    const wasThere = this.whole(run.place, source) !== undefined;
    for (const name of wasThere ? [] : FILES) {
      const key = `${run.place.prefix}${name}`;
      keys.delete(`${run.place.prefix}${LOCK}`);
      keys.add(`${key}${PART}`);
      await this.#sleepUnless(isStopped, (secondsPerCopy * 1000) / FILES.length);
      if (isStopped()) await this.time.sleep(secondsInFlight * 1000);
      // whoever gave the upload up has ended the file
      if (keys.delete(`${key}${PART}`)) keys.add(key);
      if (isStopped()) return;
      if (ending === 'failed') {
        this.#end(run, 'failed', `${name} was not copied`);
        return;
      }
    }
    if (ending === 'hangs') await this.#sleepUnless(isStopped, DAY);
    if (isStopped()) return;
    keys.add(`${run.place.prefix}${LOCK}`);
    this.#end(run, 'succeeded', '');
  }

  async #sleepUnless(isStopped: () => boolean, milliseconds: number): Promise<void> {
    const step = Math.max(1000, milliseconds / 20);
    for (let slept = 0; slept < milliseconds && !isStopped(); slept += step) await this.time.sleep(step);
  }

  #end(run: Run, status: Run['status'], cause: string): void {
    Object.assign(run, { status, cause, ended: this.time.now() });
  }

  #isListed({ began }: Run): boolean {
    return this.time.now() >= began + (this.options.secondsToBeListed ?? 0) * 1000;
  }
}

/** What a run copies to. */
export const goal = ({ place }: Run) => idOf(place);
