import { placeOfId } from '../../../lambda/hub-copies/request';
import { Faults } from '../../lifecycle/faults';
import { nameOfLink } from './app';
import type { Chapter, Deed, History } from './history';
import { World, type WorldOptions } from './world';

/** What must be true after every history, and was not. */
export interface Verdict {
  readonly wrongs: readonly string[];
  readonly world: World;
  readonly outcomes: readonly string[];
}

type Deployed = Extract<Chapter, { what: 'deploy' }>;

/** What a request that was given up may still have under way: a call's time-out, and the looks before it. Milliseconds. */
const UNDER_WAY = 12_000;

/** Plays a history to its end, destroys the stack with nothing going wrong any more, and judges what is left. */
export async function play(history: History, code?: WorldOptions['code']): Promise<Verdict> {
  const faults = new Faults(history.calls, { late: history.late, startExecution: [], servicePolls: [] });
  const world = new World({
    account: history,
    faults,
    cloudFormation: history.cloudFormation,
    ...(code && { code }),
  });
  const scene = new Scene(world);
  for (const chapter of history.chapters) await world.run(() => scene.chapter(chapter));
  faults.on = false;
  await world.run(() => scene.epilogue());
  const wrongs = [...scene.wrongs, ...unanswered(world), ...startedDead(world), ...overlapping(world), ...left(world)];
  if (world.broken.length > 0) wrongs.push(`answered with success, and not whole: ${world.broken.join(', ')}`);
  return { wrongs, world, outcomes: scene.outcomes };
}

class Scene {
  readonly wrongs: string[] = [];
  readonly outcomes: string[] = [];
  #buckets = 0;
  #machines = 0;

  constructor(private readonly world: World) {}

  async chapter(chapter: Chapter): Promise<void> {
    switch (chapter.what) {
      case 'deploy':
        for (const { after, deed } of chapter.meanwhile)
          void this.world.time.sleep(after * 1000).then(() => {
            this.#do(deed);
          });
        return this.#deploy(chapter);
      case 'destroy':
        return this.#destroy();
      case 'pass':
        return this.world.time.sleep(chapter.minutes * 60_000);
    }
  }

  /** Everything still in progress comes to its end, then the stack goes, and stragglers have three hours. */
  async epilogue(): Promise<void> {
    for (let attempt = 0; attempt < 4 && this.world.stack; attempt++) await this.#destroy();
    if (this.world.stack) this.wrongs.push(`the stack cannot be destroyed: ${this.outcomes.at(-1)}`);
    await this.world.time.sleep(3 * 3_600_000);
  }

  async #deploy({ copy, other }: Deployed): Promise<void> {
    await this.#idle();
    const { world } = this;
    const { stack } = world;
    if (stack?.status === 'UPDATE_ROLLBACK_FAILED') await this.#note(() => stack.continueRollback());
    if (stack?.status.endsWith('FAILED')) return this.#destroy();
    const now = stack?.status.startsWith('ROLLBACK') ? undefined : stack?.resources.get('Copy')?.properties;
    if (!now) this.#machines++;
    // a bucket of its own stays the same until the template lets it go
    const own = now?.['RemoveCopies'] === 'true' ? String(now['Bucket']) : `own-${++this.#buckets}`;
    const bucket = copy?.isOwn ? own : 'given';
    const planned = copy && { copy: { ...copy, bucket, owns: copy.isOwn } };
    await this.#note(() => world.deploy({ other, ...planned }, `Copies-${this.#machines}`));
  }

  async #destroy(): Promise<void> {
    await this.#idle();
    const { stack } = this.world;
    if (stack) await this.#note(() => stack.delete());
  }

  async #note(operate: () => Promise<{ status: string; reasons: readonly string[] }>): Promise<void> {
    const { status, reasons } = await operate();
    this.outcomes.push(`${status} ${reasons.join(' | ')}`);
    this.#ownedIsWhole(status);
  }

  /** The copy that a stack names is whole, after an operation and before the next. */
  #ownedIsWhole(when: string): void {
    const { stack, account } = this.world;
    if (!stack || !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)) return;
    const names = [1, 2, 3].map(nameOfLink).filter((name) => stack.resources.has(name));
    for (const name of names) {
      const id = stack.resources.get(name)?.physicalId ?? '';
      const place = placeOfId(id);
      if (!place || !account.whole(place, '')) this.wrongs.push(`${when}: ${name} names ${id}, which is not whole`);
    }
  }

  #do(deed: Deed): void {
    const { stack, account } = this.world;
    switch (deed) {
      case 'cancel':
        stack?.cancelUpdate();
        return;
      case 'destroy':
        if (stack?.status === 'CREATE_IN_PROGRESS') void stack.delete();
        return;
      case 'branch-moves':
        account.head = Math.min(account.head + 1, 5);
        return;
      case 'hub-goes':
        account.head = -1;
        void this.world.time.sleep(600_000).then(() => (account.head = Math.max(account.head, 1)));
    }
  }

  async #idle(): Promise<void> {
    while (this.world.stack?.isBusy) await this.world.time.sleep(10_000);
    this.#ownedIsWhole('before the next');
  }
}

function unanswered({ cloudFormation }: World): string[] {
  return cloudFormation.requests
    .filter(({ outcome }) => outcome === undefined || outcome.kind === 'no-answer')
    .map(({ request }) => `${request.RequestType} ${request.RequestId} was not answered in time`);
}

/** A request that CloudFormation listens to no more starts nothing. */
function startedDead({ cloudFormation, starts }: World): string[] {
  return starts.flatMap(({ request, at }) => {
    const { until = Infinity } =
      cloudFormation.requests.find((sent) => sent.request.RequestId === request.RequestId) ?? {};
    return at > until + UNDER_WAY ? [`request ${request.RequestId} started an execution after its end`] : [];
  });
}

/** Two executions that copy to one place at a time. */
function overlapping({ account: { runs } }: World): string[] {
  const pairs = runs.flatMap((one, index) => runs.slice(index + 1).map((other) => [one, other] as const));
  return pairs
    .filter(([one, other]) => one.place.prefix === other.place.prefix && one.place.bucket === other.place.bucket)
    .filter(([one, other]) => one.machine === other.machine && other.began < (one.ended ?? Infinity))
    .map(([one, other]) => `${one.name} and ${other.name} run at the same time`);
}

/** Deletes of what this id stands for end in the framework: a repeated Create failed in `onEvent` after the first began. */
const MARKER = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';

/** What is left, but for what CloudFormation gave up to delete, and for what the handler was never asked to be rid of. */
function left({ account, cloudFormation }: World): string[] {
  const abandoned = cloudFormation.stacks.flatMap((stack) => stack.abandoned.map(({ properties }) => properties));
  const deletes = cloudFormation.requests
    .map(({ request }) => request)
    .filter(({ RequestType }) => RequestType === 'Delete');
  const reaching = deletes.filter(({ PhysicalResourceId }) => PhysicalResourceId !== MARKER);
  const names = (all: readonly unknown[], name: string) => JSON.stringify(all).includes(`${name}"`);
  const mustGo = (name: string) =>
    !names(abandoned, name) &&
    names(
      reaching.map(({ ResourceProperties }) => ResourceProperties),
      name,
    );
  const runs = account.runs.filter(({ status, machine }) => status === 'running' && mustGo(machine));
  const buckets = [...account.objects].filter(
    ([bucket, keys]) => keys.size > 0 && bucket !== 'given' && mustGo(bucket),
  );
  return [
    ...runs.map(({ name }) => `execution ${name} still runs`),
    ...buckets.map(([bucket, keys]) => `bucket ${bucket} still has ${[...keys].join(', ')}`),
    ...(account.removedFrom.has('given') ? ['something was removed from a given bucket'] : []),
  ];
}
