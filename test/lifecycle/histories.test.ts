import { fuzz } from './fuzz';
import { story } from './story';

const HISTORIES = 500;
const SEED = 4;

test(
  `${HISTORIES} random histories end with every request answered, nothing leaked and nothing lost`,
  async () => {
    const { histories, events, faults, failure } = await fuzz({ histories: HISTORIES, seed: SEED });
    if (failure) {
      const again = `node --import tsx test/lifecycle/main.ts --seed ${SEED} --path ${failure.path}`;
      throw new Error(`${story(failure.verdict)}\nagain: ${again}`);
    }
    const struck = [...faults.values()].reduce((sum, n) => sum + n, 0);
    console.log(`histories ${histories}, events ${events}, faults ${struck}, seed ${SEED}`);
    expect(histories).toBe(HISTORIES);
    expect(events).toBeGreaterThan(HISTORIES);
    expect(struck).toBeGreaterThan(HISTORIES);
  },
  10 * 60_000,
);
