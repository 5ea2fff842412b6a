import { BedrockClient } from '@aws-sdk/client-bedrock';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import type { FrameworkEvent } from '../../lambda/imported-model/request';
import { Bedrock } from '../../local/bedrock/bedrock';
import { BedrockError, ConnectionCut } from '../../local/bedrock/errors';
import type { OperationName } from '../../local/bedrock/operations';
import type { Role } from '../../local/bedrock/ports';
import type { Switches as BedrockSwitches } from '../../local/bedrock/switches';
import { CloudFormation, type StackOutcome } from '../../local/cloudformation/cloudformation';
import { type Death, type Invocation, invoke } from '../../local/cloudformation/lambda-runtime';
import { ProviderFramework } from '../../local/cloudformation/provider-framework';
import type { Switches as CloudFormationSwitches } from '../../local/cloudformation/switches';
import { VirtualTime } from '../../local/cloudformation/virtual-time';
import { MemoryWeights } from '../local/bedrock/testbed';
import { tinyModel, type TinyFiles } from '../weights/tiny-model';
import { BUCKET, type StackPlan, synthesised } from './apps';
import { type CallFault, Faults } from './faults';
import { handlerCode, type HandlerCode } from './handler-code';

export interface WorldOptions {
  readonly faults?: Faults;
  readonly bedrock?: Partial<BedrockSwitches>;
  readonly cloudFormation?: Partial<CloudFormationSwitches>;
  /** Stands in for the handler: a version with a planted bug. */
  readonly code?: HandlerCode;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** A call of the handler, and the request that it was made for. */
export interface CallFor {
  readonly request: FrameworkEvent;
  readonly at: number;
  readonly operation: string;
  readonly input: unknown;
}

interface Run {
  readonly request: FrameworkEvent;
  readonly invocation: Invocation;
}

/** A model that imports. */
const MODEL = tinyModel();

/** Seconds: what the SDK clients of the handler are set to, and what CloudFormation gives one Lambda. */
const CALL_TIMEOUT = 5;
const FUNCTION_TIMEOUT = 60;

/** An account with Bedrock, CloudFormation and the synthesised provider over the real handler, in virtual time. */
export class World {
  readonly time = new VirtualTime();
  readonly weights = new MemoryWeights();
  readonly bedrock: Bedrock;
  readonly cloudFormation: CloudFormation;
  readonly faults: Faults;
  readonly log: LogLine[] = [];
  /** Calls to Bedrock of each invocation of the handler. */
  readonly callsPerPoll: number[] = [];
  /** Calls that changed something in Bedrock, answered or not. */
  readonly writes: CallFor[] = [];
  /** Calls that were refused for a reason that no waiting mends. */
  readonly refusals: CallFor[] = [];
  /** Calls that something else befell. */
  readonly disturbed: CallFor[] = [];
  readonly #code: HandlerCode;
  #ids = 0;
  #changes = 0;

  constructor(options: WorldOptions = {}) {
    this.faults = options.faults ?? new Faults([], { late: [], startExecution: [], servicePolls: [] });
    this.#code = options.code ?? handlerCode;
    const clock = { now: () => this.time.now(), sleep: (milliseconds: number) => this.time.sleep(milliseconds) };
    this.bedrock = new Bedrock({
      clock,
      weights: this.weights,
      roles: { find: (arn) => Promise.resolve(this.#role(arn)) },
      switches: { importSeconds: 720, roleDelaySeconds: 0, ...options.bedrock },
      newId: () => (++this.#ids).toString(36).padStart(12, '0'),
    });
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

  /** Runs something to its end in virtual time. Returns false when it hangs. */
  async run(what: () => Promise<void>, hours = 100): Promise<boolean> {
    const ended: { error?: unknown }[] = [];
    void what().then(
      () => ended.push({}),
      (error: unknown) => ended.push({ error }),
    );
    await this.time.run(this.time.now() + hours * 3_600_000, () => ended.length > 0);
    const [end] = ended;
    if (end && 'error' in end) throw new Error('the play itself is wrong', { cause: end.error });
    return end !== undefined;
  }

  deploy(name: string, plan: StackPlan): Promise<StackOutcome> {
    return this.cloudFormation.deploy(name, synthesised(name, plan).template);
  }

  /** Puts a folder that imports under a prefix of the bucket, but for what is given. */
  putWeights(prefix: string, instead: TinyFiles = {}): void {
    for (const [name, content] of Object.entries({ ...MODEL, ...instead }))
      this.weights.put(`s3://${BUCKET}/${prefix}${name}`, content);
  }

  /** Puts other bytes under a prefix, which import as well. */
  changeWeights(prefix: string): void {
    this.weights.put(`s3://${BUCKET}/${prefix}notes.txt`, 'x'.repeat(++this.#changes));
  }

  async #invoke(request: FrameworkEvent) {
    let calls = 0;
    const plan = { timeoutSeconds: FUNCTION_TIMEOUT, callMilliseconds: 40 };
    const result = await invoke(this.time, plan, async (invocation) => {
      const run = { request, invocation };
      const handlers = this.#code.importedModels({
        imports: this.#code.bedrockImports(
          this.#client(BedrockClient.prototype, run, (operation, input) => {
            calls++;
            return this.#bedrock(request, operation as OperationName, overTheWire(input));
          }),
        ),
        stacks: this.#code.cloudFormationStacks(
          this.#client(CloudFormationClient.prototype, run, (operation, input) => this.#describe(operation, input)),
        ),
        folder: this.#code.weightsFolders(
          this.#client(S3Client.prototype, run, (operation, input) => this.#s3(operation, input)),
        ),
        now: () => this.time.now(),
        sleep: (milliseconds) => this.time.sleep(milliseconds),
        log: (line) => this.log.push({ at: this.time.now(), ...line }),
      });
      return request.Started === undefined ? handlers.onEvent(request) : handlers.isComplete(request);
    });
    this.callsPerPoll.push(calls);
    return result;
  }

  #client<T extends object>(
    prototype: T,
    run: Run,
    effect: (operation: string, input: unknown) => Promise<unknown>,
  ): T {
    const send = async (command: { constructor: { name: string }; input: unknown }) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      return this.#call(run, operation, command.input, () => effect(operation, command.input));
    };
    return Object.assign(Object.create(prototype) as T, { send });
  }

  async #call<T>(run: Run, operation: string, input: unknown, effect: () => Promise<T>): Promise<T> {
    const fault = this.faults.take(operation);
    const call = { request: run.request, at: this.time.now(), operation, input };
    if (fault !== undefined) (fault === 'invalid' ? this.refusals : this.disturbed).push(call);
    return run.invocation.call(() => this.#struck(fault, operation, effect), deathOf(fault));
  }

  async #struck<T>(fault: CallFault | undefined, operation: string, effect: () => Promise<T>): Promise<T> {
    switch (fault) {
      case 'throttled':
        throw awsError('ThrottlingException', 429, 'Too many requests');
      case 'server-error':
        throw awsError('InternalServerException', 500, 'Something went wrong');
      case 'denied':
        throw awsError('AccessDeniedException', 403, `not authorized to perform ${operation}`);
      case 'invalid':
        throw awsError('ValidationException', 400, `${operation} "is wrong". `.repeat(300));
      case 'timeout-late':
        await this.time.sleep(CALL_TIMEOUT * 800);
        await effect().catch(() => undefined);
        await this.time.sleep(CALL_TIMEOUT * 200);
        throw awsError('TimeoutError', undefined, 'no answer in time');
      case 'timeout-after':
        await effect();
        await this.time.sleep(CALL_TIMEOUT * 1000);
        throw awsError('TimeoutError', undefined, 'no answer in time');
      case 'timeout-before':
        await this.time.sleep(CALL_TIMEOUT * 1000);
        throw awsError('TimeoutError', undefined, 'no answer in time');
      case 'kill-before':
      case 'kill-after':
      case undefined:
        return effect().catch((error: unknown) => {
          if (error instanceof BedrockError) throw awsError(error.name, error.httpStatus, error.message);
          throw error instanceof ConnectionCut ? awsError('TimeoutError', undefined, error.message) : error;
        });
    }
  }

  async #bedrock(request: FrameworkEvent, operation: OperationName, input: unknown): Promise<unknown> {
    const answer = await asClientsSee(this.bedrock.call(operation, input));
    if (!/^(Get|List)/.test(operation)) this.writes.push({ request, at: this.time.now(), operation, input });
    return answer;
  }

  #describe(operation: string, input: unknown): Promise<unknown> {
    const { StackName = '', LogicalResourceId = '' } = input as { StackName?: string; LogicalResourceId?: string };
    const stack = this.cloudFormation.byId(StackName);
    if (!stack) throw awsError('ValidationError', 400, `Stack with id ${StackName} does not exist`);
    if (operation === 'DescribeStacks') {
      return Promise.resolve({ Stacks: [{ StackStatus: stack.status, LastUpdatedTime: new Date(stack.changedAt) }] });
    }
    if (operation === 'GetTemplate') {
      const Resources = Object.fromEntries([...stack.resources].map(([id, { template }]) => [id, template]));
      return Promise.resolve({ TemplateBody: JSON.stringify({ Resources }) });
    }
    return Promise.resolve({ StackResources: [{ ResourceStatus: stack.statuses.get(LogicalResourceId) }] });
  }

  async #s3(operation: string, input: unknown): Promise<unknown> {
    const { Prefix = '', Key = '', Range = '' } = input as { Prefix?: string; Key?: string; Range?: string };
    if (operation === 'ListObjectsV2') {
      const files = await this.weights.list(BUCKET, Prefix);
      return { Contents: files.map(({ key, size }) => ({ Key: key, Size: size, ETag: `"${key}-${size}"` })) };
    }
    const [, first = '0', last = 'Infinity'] = /^bytes=(\d+)-(\d+)$/.exec(Range) ?? [];
    const bytes = Buffer.from(await this.weights.read(BUCKET, Key, Number(first), Number(last) - Number(first) + 1));
    return {
      ContentLength: bytes.length,
      Body: {
        transformToString: () => Promise.resolve(bytes.toString()),
        transformToByteArray: () => Promise.resolve(bytes),
      },
    };
  }

  /** Every role may be assumed and may read, but a new one not at once: it is as old as its stack. */
  #role(arn: string): Role {
    const stack = this.cloudFormation.stacks.findLast(({ name }) => arn.includes(`/${name.toLowerCase()}-`));
    const all = { Effect: 'Allow' as const, Action: '*', Resource: '*' };
    return {
      arn,
      createdAt: stack?.createdAt ?? 0,
      trust: {
        Statement: { Effect: 'Allow', Principal: { Service: 'bedrock.amazonaws.com' }, Action: 'sts:AssumeRole' },
      },
      policies: [{ Statement: all }],
    };
  }
}

function deathOf(fault: CallFault | undefined): Death | undefined {
  return fault === 'kill-before' ? 'before' : fault === 'kill-after' ? 'after' : undefined;
}

function overTheWire(input: unknown): unknown {
  return JSON.parse(JSON.stringify(input));
}

/** SDK clients hand out dates where the wire has ISO 8601. */
async function asClientsSee(answer: Promise<object>): Promise<unknown> {
  return JSON.parse(JSON.stringify(await answer), (key, value: unknown) =>
    key.endsWith('Time') ? new Date(String(value)) : value,
  );
}

function awsError(name: string, httpStatusCode: number | undefined, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
