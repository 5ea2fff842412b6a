import { z } from 'zod';
import { built, printed } from './child';

const Measured = z.object({ requests: z.number(), heap: z.number(), resident: z.number() });

/** Bytes that a process holds after so many requests. */
export type Held = z.infer<typeof Measured>;

export async function measureHeld(): Promise<Held[]> {
  return z.array(Measured).parse(await printed(process.execPath, ['--expose-gc', await built('memory.ts')]));
}
