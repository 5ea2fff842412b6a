import { IMPORTED_MODEL_TYPE, OWNER_TAGS } from '../../lib/contract';
import type { Properties } from '../../local/cloudformation/custom-resource';
import type { Stack } from '../../local/cloudformation/stack';
import { ANY_MODEL, type StackPlan } from './apps';
import { Faults } from './faults';
import { handlerCode, type HandlerCode } from './handler-code';
import { BAD_PREFIX, type Chapter, type Deed, GOOD_PREFIXES, type History } from './history';
import { INDEX, tinyModel } from '../weights/tiny-model';
import { judge, type Verdict } from './judge';
import { World } from './world';

/** A stack operation as it ran, for the judge. */
export interface Played {
  readonly stack: string;
  readonly began: number;
  readonly ended: number;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly faultsBefore: number;
  readonly faultsAfter: number;
  /** True if anybody did anything to the account before its end that may be in its way. */
  readonly disturbed: boolean;
  /** What was deployed; none for a destroy and for a rollback that was continued. */
  readonly plan?: StackPlan;
  /** Models that the stack owns after it. */
  readonly owns: readonly Owned[];
}

export interface Owned {
  readonly name: string;
  readonly resource: string;
  /** Tags that the template gives it. */
  readonly tags: ReadonlyMap<string, string>;
  /** Tags that it has when the next operation on the stack begins: nothing is under way then. */
  tagsLater?: ReadonlyMap<string, string>;
}

export interface Play {
  readonly world: World;
  readonly operations: Played[];
  /** Names of models that somebody deleted by hand. */
  readonly deletedByHand: Set<string>;
  /** When the bytes under every good prefix were changed. */
  readonly weightsChanged: readonly number[];
  readonly hung: boolean;
}

/** Plays a history to its end, then destroys every stack with nothing going wrong any more, and judges what is left. */
export async function play(history: History, code: HandlerCode = handlerCode): Promise<Verdict> {
  const faults = new Faults(history.calls, history.provider);
  const world = new World({ faults, bedrock: history.bedrock, cloudFormation: history.cloudFormation, code });
  for (const prefix of GOOD_PREFIXES) world.putWeights(`${prefix}/`);
  world.putWeights(`${BAD_PREFIX}/`, { [INDEX]: REFUSED_INDEX });
  const scene = new Scene(world);
  for (const chapter of history.chapters) {
    if (!(await world.run(() => scene.chapter(chapter)))) return judge(scene.result(true));
  }
  faults.on = false;
  const ended = await world.run(() => scene.epilogue());
  return judge(scene.result(!ended));
}

const REFUSED_INDEX =
  tinyModel()[INDEX]?.toString().replace('"total_size"', '"total_parameters": 1, "total_size"') ?? '';

const STRANGERS = 'stranger-';
const STACKS = ['One', 'Two'] as const;

class Scene {
  readonly #operations: Played[] = [];
  readonly #deletedByHand = new Set<string>();
  readonly #weightsChanged: number[] = [];
  readonly #plans = new Map<string, StackPlan>();
  #disturbed = false;
  #strangers = 0;

  constructor(private readonly world: World) {}

  result(hung: boolean): Play {
    return {
      world: this.world,
      operations: this.#operations,
      deletedByHand: this.#deletedByHand,
      weightsChanged: this.#weightsChanged,
      hung,
    };
  }

  async chapter(chapter: Chapter): Promise<void> {
    const { world } = this;
    switch (chapter.what) {
      case 'deploy':
      case 'again':
        for (const { after, deed } of chapter.meanwhile)
          void world.time.sleep(after * 1000).then(() => this.#do(deed, chapter.stack));
        return this.#deploy(chapter.stack, chapter.what === 'deploy' ? chapter.plan : this.#changed(chapter));
      case 'both':
        await Promise.all(STACKS.map((name) => this.#deploy(name, chapter.plan)));
        return;
      case 'destroy':
        return this.#destroy(chapter.stack);
      case 'pass':
        if (chapter.deed) await this.#do(chapter.deed, 'One');
        return world.time.sleep(chapter.minutes * 60_000);
    }
  }

  /** Everything still in progress comes to its end, then all stacks go, and stragglers have three hours. */
  async epilogue(): Promise<void> {
    for (const name of STACKS) {
      for (let attempt = 0; attempt < 4 && this.world.cloudFormation.find(name); attempt++) await this.#destroy(name);
    }
    await this.world.time.sleep(3 * 3_600_000);
  }

  #changed({ stack, change, other }: Extract<Chapter, { what: 'again' }>): StackPlan {
    const { models } = this.#plans.get(stack) ?? { models: [ANY_MODEL] };
    return { models: models.map((model) => ({ ...model, ...change })), ...(other && { other }) };
  }

  async #deploy(name: string, plan: StackPlan): Promise<void> {
    this.#plans.set(name, plan);
    const stack = this.world.cloudFormation.find(name);
    if (stack) await this.#idle(stack);
    if (stack?.status === 'UPDATE_ROLLBACK_FAILED') await this.#record(stack, () => stack.continueRollback());
    if (stack?.status.endsWith('FAILED')) return this.#destroy(name);
    await this.#record(name, () => this.world.deploy(name, plan), plan);
  }

  async #destroy(name: string): Promise<void> {
    const stack = this.world.cloudFormation.find(name);
    if (!stack) return;
    await this.#idle(stack);
    if (stack.status !== 'DELETE_COMPLETE') await this.#record(stack, () => stack.delete());
  }

  async #record(
    stack: Stack | string,
    operate: () => Promise<{ status: string; reasons: readonly string[] }>,
    plan?: StackPlan,
  ): Promise<void> {
    const { time, faults } = this.world;
    const name = typeof stack === 'string' ? stack : stack.name;
    await this.#noteTags(name);
    const began = time.now();
    const faultsBefore = faults.total;
    const { status, reasons } = await operate();
    this.#operations.push({
      stack: name,
      began,
      ended: time.now(),
      status,
      reasons,
      faultsBefore,
      faultsAfter: faults.total,
      disturbed: this.#disturbed,
      ...(plan && { plan }),
      owns: /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status) ? this.#ownedBy(name) : [],
    });
  }

  /** What an operation left is held against its template only now: a request that was given up may still have acted. */
  async #noteTags(stack: string): Promise<void> {
    const { models } = await this.world.bedrock.look();
    const owned = this.#operations.findLast((operation) => operation.stack === stack)?.owns ?? [];
    const id = this.world.cloudFormation.find(stack)?.id;
    // neither a stranger's model of the same name nor one taken over, which keeps the tags that it came with
    const ours = models.filter(({ job }) => job.tags.get(OWNER_TAGS.stack) === id);
    for (const one of owned) {
      const model = ours.findLast(({ name }) => name === one.name);
      if (model) one.tagsLater = new Map(model.tags);
    }
  }

  #ownedBy(stack: string): Owned[] {
    const resources = [...(this.world.cloudFormation.find(stack)?.resources.values() ?? [])];
    return resources
      .filter(({ template }) => template.Type === IMPORTED_MODEL_TYPE)
      .map(({ physicalId, logicalId, properties }) => ({
        name: physicalId,
        resource: logicalId,
        tags: tagsIn(properties),
      }));
  }

  async #do(deed: Deed, name: string): Promise<void> {
    const { world } = this;
    const stack = world.cloudFormation.find(name);
    switch (deed) {
      case 'cancel':
        this.#disturbed = true;
        stack?.cancelUpdate();
        return;
      case 'destroy':
        this.#disturbed = true;
        if (stack && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(stack.status)) await stack.delete();
        return;
      case 'delete-a-model':
        return this.#deleteByHand();
      case 'use-the-models':
        this.#disturbed = true;
        for (const model of (await world.bedrock.look()).models) model.lastInvokedAt = world.time.now();
        return;
      case 'change-weights':
        this.#weightsChanged.push(world.time.now());
        for (const prefix of GOOD_PREFIXES) world.changeWeights(`${prefix}/`);
        return;
      case 'upload':
        for (const folder of this.#awaited()) world.putWeights(folder);
        return;
      case 'strangers-job':
        return this.#strangersJob(`${STRANGERS}${this.#strangers++}`, `a-strangers-${this.#strangers}`);
      case 'take-our-names':
        return this.#takeNames();
    }
  }

  async #deleteByHand(): Promise<void> {
    this.#disturbed = true;
    const { models } = await this.world.bedrock.look();
    const model = models.find(({ goneAt, tags }) => goneAt === undefined && tags.has(OWNER_TAGS.stack));
    if (!model) return;
    this.#deletedByHand.add(model.name);
    model.goneAt = this.world.time.now();
  }

  /** Prefixes that the handler has said it waits for. */
  #awaited(): string[] {
    const said = this.world.log.map(({ why }) => /waiting for weights: s3:\/\/weights\/(\S+) /.exec(String(why))?.[1]);
    return [...new Set(said.filter((folder) => folder !== undefined))];
  }

  /** Somebody takes the name of a model that ours would get: the last one that was named. */
  async #takeNames(): Promise<void> {
    this.#disturbed = true;
    const name = this.world.log.findLast(({ next }) => next === 'create')?.['model'];
    if (typeof name === 'string') await this.#strangersJob(`${STRANGERS}${this.#strangers++}`, name);
  }

  async #strangersJob(jobName: string, importedModelName: string): Promise<void> {
    this.#disturbed = true;
    const request = {
      jobName,
      importedModelName,
      roleArn: 'arn:aws:iam::000000000000:role/stranger',
      modelDataSource: { s3DataSource: { s3Uri: 's3://weights/v1/' } },
    };
    await this.world.bedrock.call('CreateModelImportJob', request).catch(() => undefined);
  }

  /** Somebody else's operation on the stack comes to its end first, as the CLI waits for it. */
  async #idle(stack: Stack): Promise<void> {
    while (stack.isBusy) await this.world.time.sleep(15_000);
  }
}

/** True for jobs that somebody else made. */
export function isStrangers(jobName: string): boolean {
  return jobName.startsWith(STRANGERS);
}

function tagsIn({ Tags }: Properties): Map<string, string> {
  const tags = (Tags ?? []) as readonly { Key: string; Value: string }[];
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}
