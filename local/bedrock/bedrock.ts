import { randomInt } from 'node:crypto';
import { Account } from './account';
import { createModelImportJob } from './create-job';
import { BedrockError, ConnectionCut, type ErrorName } from './errors';
import { Faults } from './faults';
import { getModelImportJob, listModelImportJobs } from './jobs';
import { deleteImportedModel, getImportedModel, listImportedModels } from './models';
import { operations, type InputOf, type OperationName } from './operations';
import type { Clock, Roles, Weights } from './ports';
import { progress } from './progress';
import type { Author } from './runtime/author';
import { chatCompletions, operationMeant, type ChatCompletionsRequest } from './runtime/chat-completions';
import { converse, converseStream } from './runtime/converse';
import { emulatedAuthor } from './runtime/emulated-author';
import { invokeModel, invokeModelWithResponseStream } from './runtime/invoke';
import type { Service } from './service';
import { validate } from './shapes';
import { strikeBefore } from './strike';
import { defaultSwitches, type Switches } from './switches';
import { listTagsForResource, tagResource, untagResource } from './tags';

export interface BedrockOptions {
  readonly clock: Clock;
  readonly weights: Weights;
  readonly roles: Roles;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** 12 digits. @default '000000000000' */
  readonly account?: string;
  /** @default - the defaults of `switches.ts` */
  readonly switches?: Partial<Switches>;
  /** Who writes the models' answers. @default - the emulator itself */
  readonly author?: Author;
  /** Makes the ids in ARNs: twelve lower-case letters and digits. @default - random ones */
  readonly newId?: () => string;
}

/** One call that was made, and how it went. */
export interface Call {
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly at: number;
  readonly operation: OperationName;
  readonly input: unknown;
  /** `ok`, an exception's name, or `cut` when the connection ended without an answer. */
  outcome: 'pending' | 'ok' | 'cut' | ErrorName;
  message?: string;
}

/** Polling clients call for hours; what nobody has looked at after this many calls, nobody will. */
const callsKept = 10_000;

const implementations = {
  CreateModelImportJob: createModelImportJob,
  GetModelImportJob: getModelImportJob,
  ListModelImportJobs: listModelImportJobs,
  GetImportedModel: getImportedModel,
  ListImportedModels: listImportedModels,
  DeleteImportedModel: deleteImportedModel,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  InvokeModel: invokeModel,
  InvokeModelWithResponseStream: invokeModelWithResponseStream,
  Converse: converse,
  ConverseStream: converseStream,
} as const satisfies { [O in OperationName]: (service: Service, input: InputOf<O>) => Promise<object> };

export type AnswerOf<O extends OperationName> = Awaited<ReturnType<(typeof implementations)[O]>>;

const handlers: { readonly [O in OperationName]: (service: Service, input: InputOf<O>) => Promise<AnswerOf<O>> } =
  implementations;

/**
 * Bedrock's Custom Model Import and its runtime for one account and Region, without network and without time of its own. It
 * knows what AWS publishes; what AWS does not say is a switch.
 */
export class Bedrock {
  /** May be changed at any time; a job keeps the duration that it was created with. */
  readonly switches: Switches;
  readonly faults = new Faults();
  #account: Account;
  #calls: Call[] = [];

  constructor(private readonly options: BedrockOptions) {
    this.switches = { ...defaultSwitches(), ...options.switches };
    this.#account = this.#emptyAccount();
  }

  /** What was called, oldest first; the last 10,000. */
  get calls(): readonly Call[] {
    return this.#calls;
  }

  /** Every job and model, as the clock says now. */
  async look(): Promise<Pick<Account, 'jobs' | 'models'>> {
    await progress(this.#service());
    return { jobs: this.#account.jobs, models: this.#account.models };
  }

  /** Forgets jobs, models, calls and faults, and sets the switches back to the constructor's. */
  reset(): void {
    this.#account = this.#emptyAccount();
    this.#calls = [];
    this.faults.clear();
    Object.assign(this.switches, defaultSwitches(), this.options.switches);
  }

  /**
   * Calls an operation with whatever a client sent.
   *
   * @throws BedrockError for what Bedrock refuses, ConnectionCut for a fault that leaves no answer
   */
  call<O extends OperationName>(operation: O, input: unknown): Promise<AnswerOf<O>> {
    return this.#noted(operation, input, () => this.#perform(operation, input));
  }

  /** Calls the OpenAI endpoint, which stands for InvokeModel and its stream: it is noted, and struck by faults, as they are. */
  chatCompletions(request: ChatCompletionsRequest): Promise<AnswerOf<'InvokeModel' | 'InvokeModelWithResponseStream'>> {
    return this.#noted(operationMeant(request.body), request, () => chatCompletions(this.#service(), request));
  }

  async #noted<T>(operation: OperationName, input: unknown, perform: () => Promise<T>): Promise<T> {
    const call: Call = { at: this.options.clock.now(), operation, input, outcome: 'pending' };
    this.#calls.push(call);
    if (this.#calls.length > callsKept) this.#calls.shift();
    try {
      const fault = this.faults.takeCallFault(operation);
      if (fault) await strikeBefore(fault, this.options.clock);
      const answer = await perform();
      if (fault?.kind === 'timeout-after') throw new ConnectionCut(operation);
      call.outcome = 'ok';
      return answer;
    } catch (error) {
      call.outcome = outcomeOf(error);
      call.message = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async #perform<O extends OperationName>(operation: O, input: unknown): Promise<AnswerOf<O>> {
    const shape: (typeof operations)[O]['input'] = operations[operation].input;
    return handlers[operation](this.#service(), validate(shape, input));
  }

  #service(): Service {
    const { clock, weights, roles, author = emulatedAuthor, newId = randomId } = this.options;
    const { switches, faults } = this;
    return { account: this.#account, clock, weights, roles, switches, faults, author, newId };
  }

  #emptyAccount(): Account {
    return new Account(this.options.account ?? '000000000000', this.options.region ?? 'us-east-1');
  }
}

function outcomeOf(error: unknown): Call['outcome'] {
  if (error instanceof BedrockError) return error.name;
  return error instanceof ConnectionCut ? 'cut' : 'InternalServerException';
}

function randomId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
}
