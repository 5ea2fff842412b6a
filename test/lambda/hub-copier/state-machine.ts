import { z } from 'zod';
import type { Copied, Item } from '../../../lambda/hub-copier/task';
import type { CopyGround } from './ground';

const Failed = z.object({ state: z.literal('failed'), why: z.string() });
const Resolved = z.union([z.object({ state: z.literal('resolved'), commit: z.string() }), Failed]);

const AnItem: z.ZodType<Item> = z.object({
  file: z.object({ name: z.string(), size: z.number(), sha256: z.string().optional(), blob: z.string() }),
  restarts: z.number(),
  fruitless: z.number().optional(),
  position: z.object({ upload: z.string(), offset: z.number(), sha256: z.string(), crc: z.number() }).optional(),
});

const Planned = z.union([z.object({ state: z.literal('planned'), items: z.array(AnItem) }), Failed]);

const More = z.object({ state: z.literal('more'), wait: z.number(), item: AnItem });
const ACopied: z.ZodType<Copied> = z.union([
  z.object({ state: z.literal('done'), name: z.string(), crc32: z.string() }),
  Failed.extend({ name: z.string() }),
]);
const Step = z.union([More, ACopied]);
const Finished = z.union([z.object({ state: z.literal('done') }), Failed]);

export interface Execution {
  readonly state: 'done' | 'failed';
  /** '' where nothing failed. */
  readonly why: string;
  /** Names of the files that were to copy. */
  readonly items: readonly string[];
  readonly invocations: number;
}

/** How the function is invoked: as it is, or with what Lambda does to it. */
export type Invoke = CopyGround['invoke'];

/** Walks through the states as the state machine does; its waits pass at once. */
export async function execute(ground: CopyGround, invoke: Invoke = ground.invoke): Promise<Execution> {
  let invocations = 0;
  const counted: Invoke = (...given) => {
    invocations++;
    return invoke(...given);
  };
  const ended = (state: Execution['state'], why = '', items: readonly Item[] = []): Execution => {
    return { state, why, items: items.map(({ file }) => file.name), invocations };
  };
  const resolved = Resolved.parse(await counted({ step: 'resolve', copy: ground.copy }));
  if (resolved.state === 'failed') return ended('failed', resolved.why);
  const copy = { ...ground.copy, commit: resolved.commit };
  const planned = Planned.parse(await counted({ step: 'plan', copy }));
  if (planned.state === 'failed') return ended('failed', planned.why);
  const { items } = planned;
  const copied = await Promise.all(items.map((item) => copyItem({ ...ground, copy }, item, counted)));
  const finished = Finished.parse(await counted({ step: 'finish', copy, copied }));
  return ended(finished.state, finished.state === 'failed' ? finished.why : '', items);
}

/** The Map's loop over one item. */
export async function copyItem(ground: CopyGround, item: Item, invoke: Invoke = ground.invoke): Promise<Copied> {
  for (let next = item; ;) {
    const answer = Step.parse(await invoke({ step: 'copy', copy: ground.copy, item: next }));
    if (answer.state !== 'more') return answer;
    ground.clock.now += answer.wait * 1000;
    if (answer.wait > 0) ground.slept.push(answer.wait);
    next = answer.item;
  }
}

/** The items of a plan. @throws when there is none */
export async function plannedItems(ground: CopyGround): Promise<Item[]> {
  const planned = Planned.parse(await ground.invoke({ step: 'plan', copy: ground.copy }));
  if (planned.state === 'failed') throw new Error(planned.why);
  return planned.items;
}
