import { IMPORTED_MODEL_TYPE, OWNER_TAGS } from '../../lib/contract';
import type { Stack } from '../../local/cloudformation/stack';
import { Faults } from './faults';
import { handlerCode, type HandlerCode } from './handler-code';
import { BAD_PREFIX, type Chapter, type Deed, GOOD_PREFIXES, type History } from './history';
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
  readonly disturbed: boolean;
  /** Names of the models that the stack owns after it. */
  readonly owns: readonly string[];
}

export interface Play {
  readonly world: World;
  readonly operations: Played[];
  /** Names of models that somebody deleted by hand. */
  readonly deletedByHand: Set<string>;
  readonly hung: boolean;
}

/** Plays a history to its end, then destroys every stack with nothing going wrong any more, and judges what is left. */
export async function play(history: History, code: HandlerCode = handlerCode): Promise<Verdict> {
  const faults = new Faults(history.calls, history.provider);
  const world = new World({ faults, bedrock: history.bedrock, cloudFormation: history.cloudFormation, code });
  for (const prefix of GOOD_PREFIXES) world.putWeights(`${prefix}/`);
  world.putWeights(`${BAD_PREFIX}/`, { metadata: { total_parameters: 1 }, weight_map: { t: 'a.safetensors' } });
  const scene = new Scene(world);
  for (const chapter of history.chapters) {
    if (!(await world.run(() => scene.chapter(chapter)))) return judge(scene.result(true));
  }
  faults.on = false;
  const ended = await world.run(() => scene.epilogue());
  return judge(scene.result(!ended));
}

class Scene {
  readonly #operations: Played[] = [];
  readonly #deletedByHand = new Set<string>();
  #disturbed = false;
  #strangers = 0;

  constructor(private readonly world: World) {}

  result(hung: boolean): Play {
    return { world: this.world, operations: this.#operations, deletedByHand: this.#deletedByHand, hung };
  }

  async chapter(chapter: Chapter): Promise<void> {
    const { world } = this;
    switch (chapter.what) {
      case 'deploy': {
        for (const { after, deed } of chapter.meanwhile)
          void world.time.sleep(after * 1000).then(() => this.#do(deed, chapter.stack));
        return this.#deploy(chapter.stack, chapter);
      }
      case 'both':
        await Promise.all((['One', 'Two'] as const).map((name) => this.#deploy(name, chapter)));
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
    for (const name of ['One', 'Two']) {
      for (let attempt = 0; attempt < 4 && this.world.cloudFormation.find(name); attempt++) await this.#destroy(name);
    }
    await this.world.time.sleep(3 * 3_600_000);
  }

  async #deploy(name: string, { plan }: Extract<Chapter, { plan: unknown }>): Promise<void> {
    const stack = this.world.cloudFormation.find(name);
    if (stack) await this.#idle(stack);
    if (stack?.status === 'UPDATE_ROLLBACK_FAILED') await this.#record(stack, () => stack.continueRollback());
    if (stack?.status.endsWith('FAILED')) return this.#destroy(name);
    await this.#record(name, () => this.world.deploy(name, plan));
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
  ): Promise<void> {
    const { time, faults } = this.world;
    const began = time.now();
    const faultsBefore = faults.total;
    this.#disturbed = false;
    const { status, reasons } = await operate();
    const name = typeof stack === 'string' ? stack : stack.name;
    this.#operations.push({
      stack: name,
      began,
      ended: time.now(),
      status,
      reasons,
      faultsBefore,
      faultsAfter: faults.total,
      disturbed: this.#disturbed,
      owns: /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status) ? this.#ownedBy(name) : [],
    });
  }

  #ownedBy(stack: string): string[] {
    const resources = [...(this.world.cloudFormation.find(stack)?.resources.values() ?? [])];
    return resources
      .filter(({ template }) => template.Type === IMPORTED_MODEL_TYPE)
      .map(({ physicalId }) => physicalId);
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
      case 'upload':
        for (const folder of this.#awaited()) world.putWeights(folder);
        return;
      case 'strangers-job':
        return this.#strangersJob(`stranger-${this.#strangers++}`, `a-strangers-${this.#strangers}`);
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
    if (typeof name === 'string') await this.#strangersJob(`stranger-${this.#strangers++}`, name);
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
