import fc from 'fast-check';
import { history } from './history';
import { play } from './play';
import { story } from './story';

const HISTORIES = Number(process.env['HISTORIES'] ?? 300);
const SEED = Number(process.env['SEED'] ?? 7);

test(
  `${HISTORIES} random histories end with every request answered, nothing leaked and every copy in use whole`,
  async () => {
    const total = { events: 0, executions: 0, faults: 0, deployed: 0 };
    const property = fc.asyncProperty(history, async (one) => {
      const verdict = await play(one);
      const { cloudFormation, account, faults } = verdict.world;
      total.events += cloudFormation.requests.length;
      total.executions += account.runs.length;
      total.faults += faults.total;
      total.deployed += verdict.outcomes.filter((outcome) => /^(CREATE|UPDATE)_COMPLETE/.test(outcome)).length;
      return verdict.wrongs.length === 0;
    });
    const { failed, counterexample, seed } = await fc.check(property, { numRuns: HISTORIES, seed: SEED });
    const [smallest] = counterexample ?? [];
    if (failed && smallest) {
      throw new Error(`${JSON.stringify(smallest, null, 1)}\n${story(await play(smallest))}\nseed ${seed}`);
    }
    console.log(`histories ${HISTORIES}, ${JSON.stringify(total)}, seed ${seed}`);
    expect(failed).toBe(false);
    expect(total.deployed).toBeGreaterThan(HISTORIES / 2);
    expect(total.executions).toBeGreaterThan(HISTORIES / 2);
    expect(total.faults).toBeGreaterThan(HISTORIES / 2);
  },
  10 * 60_000,
);
