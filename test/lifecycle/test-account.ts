import { IMPORTED_MODEL_TYPE, OWNER_TAGS } from '../../lib/contract';
import type { ImportedModel, ImportJob } from '../../local/bedrock/account';
import type { SentRequest, StackOutcome } from '../../local/cloudformation/cloudformation';
import type { Stack } from '../../local/cloudformation/stack';
import type { Template } from '../../local/cloudformation/template';
import { ANY_MODEL, type ModelPlan, type OtherPlan, type StackPlan } from './apps';
import { type CallFault, Faults, type PlannedFault, type ProviderPlan } from './faults';
import { World, type WorldOptions } from './world';

/** Faults of a told history: these calls, and what goes wrong around the framework. */
export function faults(calls: readonly PlannedFault[], provider: Partial<ProviderPlan> = {}): Faults {
  return new Faults(calls, { late: [], startExecution: [], servicePolls: [], ...provider });
}

/** The first calls of an operation fail, `times` of them, after `skip` that did not. */
export function failing(operation: string, kind: CallFault, times = Infinity, skip = 0): PlannedFault {
  return { operation, kind, times, skip };
}

/** A resource that is there, and does nothing until it is changed into one that fails an update. */
export const CALM: OtherPlan = { when: 'after', seconds: 5, failsOn: '', change: 1 };
export const FAILS_UPDATE: OtherPlan = { ...CALM, failsOn: 'Update', change: 2 };

/** What `leftAfterDestroy` finds when all is well. */
export const NOTHING = { stacks: [], models: [], jobs: [] };

/** An account with weights under v1/ and v2/, in which one history is told step by step; each step runs to its end. */
export class TestAccount {
  readonly world: World;

  constructor(options: WorldOptions = {}) {
    this.world = new World(options);
    for (const prefix of ['v1/', 'v2/']) this.world.putWeights(prefix);
  }

  async run<T>(what: () => Promise<T>): Promise<T> {
    const results: T[] = [];
    const ended = await this.world.run(async () => {
      results.push(await what());
    });
    const [result] = results;
    if (!ended || result === undefined) throw new Error('it hangs');
    return result;
  }

  deploy(models: readonly Partial<ModelPlan>[], other?: OtherPlan, stack = 'One'): Promise<StackOutcome> {
    const plan: StackPlan = { models: models.map((model) => ({ ...ANY_MODEL, ...model })), ...(other && { other }) };
    return this.run(() => this.world.deploy(stack, plan));
  }

  deployTemplate(template: Template, stack = 'One'): Promise<StackOutcome> {
    return this.run(() => this.world.cloudFormation.deploy(stack, template));
  }

  destroy(stack = 'One'): Promise<StackOutcome> {
    return this.run(() => this.stack(stack).delete());
  }

  async pass(minutes: number): Promise<void> {
    await this.run(async () => {
      await this.world.time.sleep(minutes * 60_000);
      return minutes;
    });
  }

  /** Does something so many minutes from now, while the next step runs. */
  later(minutes: number, deed: () => unknown): void {
    void this.world.time.sleep(minutes * 60_000).then(deed);
  }

  /** Somebody else imports a model. */
  async strangersJob(jobName: string, importedModelName: string): Promise<void> {
    await this.world.bedrock.call('CreateModelImportJob', {
      jobName,
      importedModelName,
      roleArn: 'arn:aws:iam::000000000000:role/stranger',
      modelDataSource: { s3DataSource: { s3Uri: 's3://weights/v1/' } },
    });
  }

  /** Somebody deletes all models, and tells nobody. */
  async deleteModelsByHand(): Promise<void> {
    for (const model of await this.models()) model.goneAt = this.world.time.now();
  }

  /** The next jobs of the account fail. */
  failJobs(message: string, times = 1): void {
    this.world.bedrock.faults.add({ kind: 'job-failure', message, times });
  }

  stack(name = 'One'): Stack {
    const stack = this.world.cloudFormation.find(name);
    if (!stack) throw new Error(`there is no stack ${name}`);
    return stack;
  }

  /** Names of the models that a stack owns. */
  owned(name = 'One'): string[] {
    const resources = [...this.stack(name).resources.values()];
    return resources
      .filter(({ template }) => template.Type === IMPORTED_MODEL_TYPE)
      .map(({ physicalId }) => physicalId);
  }

  /** Every model that is there, strangers' included. */
  async models(): Promise<ImportedModel[]> {
    const { models } = await this.world.bedrock.look();
    return models.filter(({ goneAt = Infinity }) => goneAt > this.world.time.now());
  }

  async modelNames(): Promise<string[]> {
    return (await this.models()).map(({ name }) => name);
  }

  /** Every job that was ever made, as `<prefix> <status>`, oldest first. */
  async jobs(): Promise<string[]> {
    const { jobs } = await this.world.bedrock.look();
    return jobs.map(({ request, status }) => `${request.modelDataSource.s3DataSource?.s3Uri} ${status}`);
  }

  requests(type: 'Create' | 'Update' | 'Delete'): SentRequest[] {
    return this.world.cloudFormation.requests.filter(({ request }) => request.RequestType === type);
  }

  /** Minutes that CloudFormation waited for the last request of a type. */
  minutes(type: 'Create' | 'Update' | 'Delete'): number {
    const { at = 0, until = at } = this.requests(type).at(-1) ?? {};
    return (until - at) / 60_000;
  }

  /** What is still there with our marks when every stack has been deleted and stragglers have had three hours. */
  async leftAfterDestroy(): Promise<{ stacks: string[]; models: string[]; jobs: string[] }> {
    const { stacks } = this.world.cloudFormation;
    for (const { name, status } of stacks) if (status !== 'DELETE_COMPLETE') await this.destroy(name);
    await this.pass(180);
    const { jobs } = await this.world.bedrock.look();
    const isOurs = ({ tags }: ImportedModel | ImportJob) => tags.has(OWNER_TAGS.stack);
    return {
      stacks: stacks
        .filter(({ status }) => status !== 'DELETE_COMPLETE')
        .map(({ name, status }) => `${name} ${status}`),
      models: (await this.models()).filter(isOurs).map(({ name }) => name),
      jobs: jobs.filter((job) => job.status === 'InProgress' && isOurs(job)).map(({ request }) => request.jobName),
    };
  }
}
