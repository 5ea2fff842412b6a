import { parseArgs } from 'node:util';
import { fuzz } from './fuzz/fuzz';

/** `npm run fuzz:weights -- --folders 100000 --seed N [--path P]`: checks and repairs random hostile folders. */
const { values } = parseArgs({
  options: {
    folders: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    path: { type: 'string' },
  },
});

async function main(): Promise<number> {
  const seed = Number(values.seed);
  const began = performance.now();
  const report = await fuzz({
    folders: Number(values.folders),
    seed,
    ...(values.path !== undefined && { path: values.path }),
  });
  const codes = [...report.codes].sort(([, a], [, b]) => b - a);
  console.log(`findings by code: ${codes.map(([code, n]) => `${code} ${n}`).join(', ')}`);
  console.log(`most bytes read of a folder: ${report.mostBytes}; slowest folder: ${report.slowest.toFixed(0)} ms`);
  console.log(`wall time: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const { failure } = report;
  if (failure) {
    console.log(`files: ${failure.names.join(', ')}`);
    console.log(failure.problem);
    console.log(`again: npm run fuzz:weights -- --seed ${seed} --path ${failure.path}`);
  }
  console.log(
    `folders ${report.folders}, findings ${report.findings}, repaired ${report.repaired}, failures ${failure ? 1 : 0}, seed ${seed}`,
  );
  return failure ? 1 : 0;
}

void main().then((code) => {
  process.exitCode = code;
});
