import { parseArgs } from 'node:util';
import { fuzz } from './fuzz';
import { plant } from './plant';
import { plantedBugs } from './planted-bugs';
import { story } from './story';

/**
 * `npm run fuzz:lifecycle -- --histories 10000 --seed N [--path P]`: plays random histories and reports.
 * With `--bug NAME`, the handler has that planted bug, and the number of histories tells which one shows it.
 */
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    path: { type: 'string' },
    bug: { type: 'string' },
  },
});

async function main(): Promise<number> {
  const seed = Number(values.seed);
  const began = performance.now();
  const report = await fuzz({
    histories: Number(values.histories),
    seed,
    ...(values.path !== undefined && { path: values.path }),
    ...(values.bug !== undefined && { code: await planted(values.bug), shrink: false }),
  });
  const faults = [...report.faults].sort(([, a], [, b]) => b - a);
  console.log(`faults by kind: ${faults.map(([kind, n]) => `${kind} ${n}`).join(', ')}`);
  console.log(
    `slowest answer: ${(report.slowest / 60_000).toFixed(1)} minutes of virtual time; most calls to Bedrock in one poll: ${report.mostCallsAPoll}`,
  );
  console.log(`wall time: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const { failure } = report;
  if (failure) {
    console.log(JSON.stringify(failure.history, null, 1));
    console.log(story(failure.verdict));
    if (failure.verdict.wrongs.length === 0) console.log('right when played again; the first time:', failure.error);
    console.log(`again: npm run fuzz:lifecycle -- --seed ${seed} --path ${failure.path}`);
  }
  const total = faults.reduce((sum, [, n]) => sum + n, 0);
  const { leaks = 0, hangs = 0 } = failure?.verdict ?? {};
  console.log(
    `histories ${report.histories}, events ${report.events}, faults ${total}, leaks ${leaks}, hangs ${hangs}, seed ${seed}`,
  );
  return failure ? 1 : 0;
}

async function planted(name: string) {
  const bug = plantedBugs.find((one) => one.name === name);
  if (!bug) throw new Error(`no planted bug is called '${name}'; see test/lifecycle/planted-bugs.ts`);
  return plant(bug);
}

void main().then((code) => {
  process.exitCode = code;
});
