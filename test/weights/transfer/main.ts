// Longer runs than those of the suite: faults COUNT [FIRST SEED], kills COUNT, versitygw.
import { playFaults } from './fault-fuzz';
import { killAndGoOn } from './kills';
import { transferOnVersityGw } from './on-versitygw';

async function faults(count: number, first: number): Promise<void> {
  let [runs, requests, failed] = [0, 0, 0];
  const seen = new Map<string, number>();
  for (let seed = first; seed < first + count; seed++) {
    const story = await playFaults(seed);
    runs += story.runs;
    requests += story.requests;
    failed += story.failures.length;
    for (const [fault, times] of story.faults) seen.set(fault, (seen.get(fault) ?? 0) + times);
  }
  const kinds = [...seen].map(([fault, times]) => `${fault} ${times}`).sort();
  console.log(
    `${count} stories from seed ${first}: ${runs} uploads, ${failed} failed with their reason, ${requests} requests`,
  );
  console.log(kinds.join(', '));
}

async function kills(count: number): Promise<void> {
  for (let killed = 0; killed < count;) {
    const story = await killAndGoOn(5);
    killed += story.killed;
    const percent = Math.round((100 * story.kept) / story.bytes);
    console.log(
      `${killed} of ${count} kills; the run after ${story.killed} of them found ${percent} % there and ended whole`,
    );
  }
}

async function main([what = '', count = '100', first = '1']: readonly string[]): Promise<void> {
  if (what === 'faults') return faults(Number(count), Number(first));
  if (what === 'kills') return kills(Number(count));
  if (what === 'versitygw') return transferOnVersityGw();
  throw new Error(`'faults', 'kills' or 'versitygw'? got '${what}'`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
