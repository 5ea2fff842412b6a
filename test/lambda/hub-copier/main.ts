// A longer run than that of the suite: `node --import tsx test/lambda/hub-copier/main.ts COUNT [FIRST SEED]`.
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
  const said = (counts: ReadonlyMap<string, number>) => [...counts].map(([what, times]) => `${what} ${times}`).sort();
  console.log(
    `${runs} runs under faults, seeds ${first} to ${seed - 1}: ${said(endings).join(', ')}; ${violations} violations`,
  );
  for (const line of said(faults)) console.log(line);
  if (violations > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
