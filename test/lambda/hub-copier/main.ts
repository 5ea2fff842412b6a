// A longer run than that of the suite: `npm run fuzz:copy -- COUNT [FIRST SEED]`.
import { type Ending, models, playStory } from './fault-fuzz';

async function main([count = '100', first = '1']: readonly string[]): Promise<void> {
  const endings = new Map<Ending, number>();
  const faults = new Map<string, number>();
  const from = await models();
  let [runs, violations, seed] = [0, 0, Number(first)];
  for (; runs < Number(count); seed++) {
    const story = await playStory(seed, from).catch((error: unknown) => {
      console.error(error);
      violations++;
      return undefined;
    });
    runs += story?.endings.length ?? 1;
    if (!story) continue;
    for (const ending of story.endings) endings.set(ending, (endings.get(ending) ?? 0) + 1);
    for (const [fault, times] of story.faults) faults.set(fault, (faults.get(fault) ?? 0) + times);
  }
  const ended = (ending: Ending) => endings.get(ending) ?? 0;
  console.log(
    `${runs} runs under faults, seeds ${first} to ${seed - 1}: ${ended('done')} complete and verified, ` +
      `${ended('failed')} failed with nothing visible, ${ended('stopped')} stopped; ${violations} violations`,
  );
  for (const [fault, times] of [...faults].sort()) console.log(`${fault} ${times}`);
  if (violations > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
