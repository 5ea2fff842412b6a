import { z } from 'zod';
import { built, printed } from './child';

const Milliseconds = z.object({ median: z.number(), least: z.number(), most: z.number() });

const Taken = z.object({ wall: Milliseconds, cpu: Milliseconds.optional() });

const Added = z.object({
  what: z.string(),
  unit: z.enum(['request', 'chunk']),
  /** The SDK bare, its chunks parsed and written again, this package's fetch, and the `openai` package over that. */
  ways: z.tuple([Taken, Taken, Taken, Taken]),
});

/** Milliseconds that each way takes for one request or chunk. */
export type Added = z.infer<typeof Added>;

export async function measureAdded(): Promise<Added[]> {
  return z.array(Added).parse(await printed(process.execPath, [await built('in-process.ts')]));
}
