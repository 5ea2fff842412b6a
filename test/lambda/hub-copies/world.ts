import { hubCopies } from '../../../lambda/hub-copies/handler';
import type { Outside } from '../../../lambda/hub-copies/port';
import { CallFailed } from '../../../lambda/imported-model/port';
import type { FrameworkEvent } from '../../../lambda/imported-model/request';
import { CloudFormation, type StackOutcome } from '../../../local/cloudformation/cloudformation';
import { type Invocation, invoke } from '../../../local/cloudformation/lambda-runtime';
import { ProviderFramework } from '../../../local/cloudformation/provider-framework';
import type { Stack } from '../../../local/cloudformation/stack';
import type { Switches } from '../../../local/cloudformation/switches';
import { VirtualTime } from '../../../local/cloudformation/virtual-time';
import { synthesised } from '../../lifecycle/apps';
import { type CallFault, Faults } from '../../lifecycle/faults';
import { Account, type AccountOptions } from './account';
import { type Plan, template } from './app';

export interface WorldOptions {
  readonly account?: AccountOptions;
  readonly faults?: Faults;
  readonly cloudFormation?: Partial<Switches>;
  /** Stands in for the handler: a version with a planted bug. */
  readonly code?: typeof hubCopies;
}

export interface Start {
  readonly request: FrameworkEvent;
  readonly at: number;
}

/** Seconds that a call may take, and the function behind the framework. */
const CALL_TIMEOUT = 5;
const FUNCTION_TIMEOUT = 60;

/** An account with CloudFormation and the CDK's provider over the real handler of copies, in virtual time. */
export class World {
  readonly time = new VirtualTime();
  readonly account: Account;
  readonly faults: Faults;
  readonly cloudFormation: CloudFormation;
  readonly log: Record<string, unknown>[] = [];
  /** Calls that start an execution, and for which request. */
  readonly starts: Start[] = [];
  /** Answers of success whose copy was not whole. */
  readonly broken: string[] = [];
  readonly #code: typeof hubCopies;

  constructor(options: WorldOptions = {}) {
    this.faults = options.faults ?? new Faults([], { late: [], startExecution: [], servicePolls: [] });
    this.account = new Account(this.time, options.account);
    this.#code = options.code ?? hubCopies;
    const { runtime, intervalSeconds, maxAttempts } = synthesised('Framework', { models: [] });
    this.cloudFormation = new CloudFormation({
      time: this.time,
      switches: options.cloudFormation ?? {},
      provider: (respond) =>
        new ProviderFramework({
          time: this.time,
          runtime,
          intervalSeconds,
          maxAttempts,
          faults: this.faults,
          respond,
          invoke: (payload) => this.#invoke(payload as FrameworkEvent),
        }),
    });
  }

  deploy(plan: Plan, machine = 'Copies-1'): Promise<StackOutcome> {
    return this.cloudFormation.deploy('One', template(plan, machine));
  }

  get stack(): Stack | undefined {
    return this.cloudFormation.find('One');
  }

  /** Runs something to its end in virtual time. @throws when it hangs */
  async run<T>(what: () => Promise<T>, hours = 200): Promise<T> {
    const ended: { value?: T; error?: unknown }[] = [];
    void what().then(
      (value) => ended.push({ value }),
      (error: unknown) => ended.push({ error }),
    );
    await this.time.run(this.time.now() + hours * 3_600_000, () => ended.length > 0);
    const [end] = ended;
    if (!end) throw new Error('it hangs');
    if (!('value' in end)) throw end.error;
    return end.value as T;
  }

  async #invoke(request: FrameworkEvent) {
    const plan = { timeoutSeconds: FUNCTION_TIMEOUT, callMilliseconds: 40 };
    return invoke(this.time, plan, async (invocation) => {
      const handlers = this.#code(this.#outside(request, invocation));
      if (request.Started === undefined) return handlers.onEvent(request);
      const answer = await handlers.isComplete(request);
      if (answer.Data && answer.Data.Hash !== '') this.#mustBeWhole(request, answer.Data.Prefix, answer.Data.Commit);
      return answer;
    });
  }

  #mustBeWhole({ RequestId, ResourceProperties }: FrameworkEvent, prefix: string, commit: string): void {
    const bucket = String(ResourceProperties['Bucket']);
    if (!this.account.whole({ bucket, prefix }, `@${commit}`)) this.broken.push(RequestId);
  }

  #outside(request: FrameworkEvent, invocation: Invocation): Outside {
    const { account, time } = this;
    const call = <T>(operation: string, effect: () => T): Promise<T> => {
      const fault = this.faults.take(operation);
      const death = fault === 'kill-before' ? 'before' : fault === 'kill-after' ? 'after' : undefined;
      return invocation.call(() => this.#struck(fault, operation, effect), death);
    };
    const stackOf = (id: string) => {
      const stack = this.cloudFormation.byId(id);
      if (!stack) throw new CallFailed('invalid', 'DescribeStacks', `no stack ${id}`);
      return stack;
    };
    return {
      executions: {
        running: (machine, family) => call('ListExecutions', () => account.running(machine, family)),
        find: (machine, name) => call('DescribeExecution', () => account.find(machine, name)),
        start: (machine, name, input) => {
          this.starts.push({ request, at: time.now() });
          return call('StartExecution', () => {
            account.start(machine, name, input);
          });
        },
        stop: (arn) =>
          call('StopExecution', () => {
            account.stop(arn);
          }),
      },
      copies: {
        whole: (place, repository, commit) => call('GetObject', () => account.whole(place, `${repository}@${commit}`)),
        giveUp: () => call('AbortMultipartUpload', () => account.giveUp()),
        removeAllBut: (bucket, _, kept) => call('DeleteObjects', () => account.removeAllBut(bucket, kept)),
      },
      stacks: {
        moment: (id) =>
          call('DescribeStacks', () => {
            const { status, changedAt } = stackOf(id);
            return { status, since: new Date(changedAt).toISOString() };
          }),
        declares: (id, logicalId) => call('GetTemplate', () => stackOf(id).resources.has(logicalId)),
        resourceStatus: (id, logicalId) =>
          call('DescribeStackResources', () => stackOf(id).statuses.get(logicalId) ?? ''),
        physicalId: (id, logicalId) =>
          call('DescribeStackResources', () => stackOf(id).resources.get(logicalId)?.physicalId ?? ''),
      },
      resolve: ({ revision }) => call('Invoke', () => account.resolve(revision)),
      now: () => time.now(),
      sleep: (milliseconds) => time.sleep(milliseconds),
      log: (line) => this.log.push({ at: time.now(), ...line }),
    };
  }

  async #struck<T>(fault: CallFault | undefined, operation: string, effect: () => T): Promise<T> {
    switch (fault) {
      case 'throttled':
      case 'server-error':
        throw new CallFailed('passing', operation, 'Rate exceeded');
      case 'denied':
        throw new CallFailed('denied', operation, `not authorized to perform ${operation}`);
      case 'invalid':
        throw new CallFailed('invalid', operation, `${operation} "is wrong". `.repeat(300));
      case 'timeout-before':
        await this.time.sleep(CALL_TIMEOUT * 1000);
        throw new CallFailed('passing', operation, 'no answer in time');
      case 'timeout-after':
        effect();
        await this.time.sleep(CALL_TIMEOUT * 1000);
        throw new CallFailed('passing', operation, 'no answer in time');
      case 'timeout-late':
        await this.time.sleep(CALL_TIMEOUT * 1000);
        effect();
        throw new CallFailed('passing', operation, 'no answer in time');
      case 'kill-before':
      case 'kill-after':
      case undefined:
        return effect();
    }
  }
}
