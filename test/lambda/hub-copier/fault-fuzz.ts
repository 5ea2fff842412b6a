import { LOCK, RECEIPT } from '../../../weights/file-names';
import { parseLock } from '../../../weights/lock';
import { copyGround, type CopyGround } from './ground';
import { hubFaults, lambdaFaults, s3Faults, type Tally } from './random-faults';
import { below, pick, type Random, randomNumbers } from './random';
import { execute } from './state-machine';
import { disturbed, Stopped } from './disturbed';
import { type Files, modelToRepair, tinyModel } from './tiny-model';

/** How an execution ended: by itself, or because it was stopped, or because every retry of a state was killed. */
export type Ending = 'done' | 'failed' | 'stopped';

export interface Story {
  /** Of the executions under faults. */
  readonly endings: readonly Ending[];
  readonly reasons: readonly string[];
  readonly faults: Tally;
}

/** A model, and what lies below the prefix when it is copied. */
export interface Model {
  readonly files: Files;
  readonly whole: ReadonlyMap<string, Buffer>;
}

/** The models that stories are about, each copied once without faults. */
export async function models(): Promise<readonly Model[]> {
  return Promise.all(
    [tinyModel(), modelToRepair()].map(async (files) => {
      const ground = await copyGround({ files });
      try {
        const { why } = await execute(ground);
        if (why !== '') throw new Error(why);
        return { files, whole: withoutMarks(ground.objects()) };
      } finally {
        await ground.end();
      }
    }),
  );
}

/**
 * One place, up to three executions under the faults that the seed says, and a last one without.
 *
 * @throws when one ends otherwise than whole and verified, or failed with nothing visible; or when the last one fails
 */
export async function playStory(seed: number, from: readonly Model[]): Promise<Story> {
  const random = randomNumbers(seed);
  const { files, whole } = pick(from, random);
  const checksums = pick(['full', 'full', 'full', 'composite'] as const, random);
  const ground = await copyGround({ files, s3: { checksums, pageSize: 1 + below(5, random) } });
  const faults: Tally = new Map<string, number>();
  const [endings, reasons]: [Ending[], string[]] = [[], []];
  try {
    const runs = 1 + below(3, random);
    let isLeft = false;
    for (let run = 1; run <= runs; run++) {
      const { ending, why, planned } = await disturbedRun(ground, random, faults, checksums === 'full');
      endings.push(ending);
      if (why !== '') reasons.push(why);
      // what was stopped in the middle leaves its uploads to the next one that gets beyond its plan
      isLeft = ending === 'stopped' || (isLeft && !planned);
      await requireRight(ground, whole, ending, why, isLeft);
    }
    const { state, why } = await execute(ground);
    if (state !== 'done') throw new Error(`without faults it fails: ${why}`);
    await requireRight(ground, whole, 'done', '');
    return { endings, reasons, faults };
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await ground.end();
  }
}

async function disturbedRun(ground: CopyGround, random: Random, faults: Tally, tellsWhole: boolean) {
  const { invoke, isCopying, ended } = disturbed(ground, random, () => lambdaFaults(random, faults, ground.clock));
  ground.hub.mischief = hubFaults(random, faults, isCopying);
  ground.s3.mischief = s3Faults(random, faults, tellsWhole);
  try {
    const { state, why, items } = await execute(ground, invoke);
    return { ending: state, why, planned: state === 'done' || items.length > 0 };
  } catch (error) {
    if (error instanceof Stopped) return { ending: 'stopped', why: '', planned: false } as const;
    throw error;
  } finally {
    await ended();
    await ground.s3.idle();
    ground.hub.mischief = undefined;
    ground.s3.mischief = undefined;
  }
}

async function requireRight(
  ground: CopyGround,
  whole: ReadonlyMap<string, Buffer>,
  ending: Ending,
  why: string,
  isLeft = false,
): Promise<void> {
  await ground.s3.idle();
  const objects = ground.objects();
  for (const [name, bytes] of withoutMarks(objects)) {
    if (!whole.get(name)?.equals(bytes)) {
      throw new Error(`${name} is visible, and not what it should be (${ending}: ${why})`);
    }
  }
  const lock = objects.get(LOCK);
  if (ending === 'done' && !lock) throw new Error('it is done, and there is no lock');
  if (lock) {
    const locked = parseLock(lock.toString()).files.map(({ name }) => name);
    const missing = [...whole.keys()].filter((name) => !objects.has(name) || !locked.includes(name));
    if (missing.length > 0) throw new Error(`there is a lock, and ${missing.join(', ')} is missing`);
  }
  const open = isLeft || why.includes('still there') ? 0 : ground.s3.unfinished();
  if (open > 0) throw new Error(`${ending}, and ${open} uploads are open: ${why}`);
}

function withoutMarks(objects: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map([...objects].filter(([name]) => name !== LOCK && name !== RECEIPT));
}
