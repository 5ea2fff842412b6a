import { fuzz } from './fuzz';
import type { History } from './history';
import type { Verdict } from './judge';
import { plant } from './plant';
import { type PlantedBug, plantedBugs } from './planted-bugs';
import { play } from './play';
import { story } from './story';

test.each(plantedBugs)(
  'is found: $name',
  async (bug) => {
    const { history, verdict } = await shown(bug);
    expect(verdict.wrongs).toContainEqual(expect.stringMatching(bug.wrong));
    const unplanted = await play(history);
    if (unplanted.wrongs.length > 0) throw new Error(`the handler itself goes wrong:\n${story(unplanted)}`);
  },
  120_000,
);

test('fails when the handler has no place for a planted bug any more', async () => {
  const [bug] = plantedBugs;
  if (!bug) throw new Error('there are no planted bugs');
  await expect(plant({ ...bug, from: 'what nobody ever wrote' })).rejects.toThrow(/has 0 places in names\.ts, not one/);
});

async function shown(bug: PlantedBug): Promise<{ history: History; verdict: Verdict }> {
  const { shownBy } = bug;
  const code = await plant(bug);
  if (!('seed' in shownBy)) return { history: shownBy, verdict: await play(shownBy, code) };
  // straight to the one that shows it: those before it take a minute in all
  const { seed, histories } = shownBy;
  const { failure } = await fuzz({ histories: 1, seed, path: String(histories - 1), code });
  if (!failure)
    throw new Error(
      `seed ${shownBy.seed} has no such history any more: look for another one with npm run fuzz:lifecycle -- --bug '${bug.name}' --seed N`,
    );
  return failure;
}
