import { type CustomResourceRequest, type Outcome, parseAnswer } from './custom-resource';
import type { ProviderFramework } from './provider-framework';
import { Stack } from './stack';
import { defaultSwitches, type Switches } from './switches';
import type { Template } from './template';
import type { VirtualTime } from './virtual-time';

export interface CloudFormationOptions {
  readonly time: VirtualTime;
  /** The provider that serves every custom resource. */
  readonly provider: (respond: (path: string, body: string) => void) => ProviderFramework;
  readonly switches?: Partial<Switches>;
  /** 12 digits. */
  readonly account?: string;
  readonly region?: string;
}

/** What became of a request that somebody made of a stack. */
export interface StackOutcome {
  readonly status: string;
  /** Why it failed, of each resource that did. */
  readonly reasons: readonly string[];
}

/** A request, and how it went. Times are in milliseconds since 1970. */
export interface SentRequest {
  readonly request: CustomResourceRequest;
  /** Status of the stack when it was sent. */
  readonly stackStatus: string;
  readonly at: number;
  outcome?: Outcome;
  until?: number;
}

interface Pending {
  readonly request: CustomResourceRequest;
  settle(outcome: Outcome): void;
}

/** A small, precise CloudFormation for stacks of custom resources. It follows the documentation, not an emulator. */
export class CloudFormation {
  readonly switches: Switches;
  readonly time: VirtualTime;
  /** Every request that was sent, in order, and how it was answered. */
  readonly requests: SentRequest[] = [];
  readonly #provider: ProviderFramework;
  readonly #pending = new Map<string, Pending>();
  readonly #stacks = new Map<string, Stack>();
  #count = 0;

  constructor(private readonly options: CloudFormationOptions) {
    this.time = options.time;
    this.switches = { ...defaultSwitches, ...options.switches };
    this.#provider = options.provider((path, body) => {
      this.#pending.get(path.split('?')[0] ?? '')?.settle(parseAnswer(body));
    });
  }

  /** Every stack that there is or was, by its id. */
  get stacks(): readonly Stack[] {
    return [...this.#stacks.values()];
  }

  /** The stack of that name that has not been deleted. */
  find(name: string): Stack | undefined {
    return this.stacks.find((stack) => stack.name === name && stack.status !== 'DELETE_COMPLETE');
  }

  byId(id: string): Stack | undefined {
    return this.#stacks.get(id);
  }

  /** Creates or updates; a stack whose creation failed is deleted first, as the CDK's CLI does. */
  async deploy(name: string, template: Template): Promise<StackOutcome> {
    const stack = this.find(name);
    if (stack && !/^ROLLBACK_(COMPLETE|FAILED)$/.test(stack.status)) return stack.update(template);
    if (stack) {
      const deletion = await stack.delete();
      if (deletion.status !== 'DELETE_COMPLETE') return deletion;
    }
    const made = new Stack(this, name, this.#newStackId(name));
    this.#stacks.set(made.id, made);
    return made.create(template);
  }

  /** Values that stacks export, by name. */
  get exports(): ReadonlyMap<string, string> {
    return new Map(this.stacks.flatMap((stack) => [...stack.exports]));
  }

  /**
   * Sends a request to a custom resource and waits for its answer, at most as long as its `ServiceTimeout` says. What
   * comes later, or a second time, goes nowhere: the provider's waiter polls on all the same (aws-cdk#31541).
   *
   * @param cancelled settles when CloudFormation stops listening
   * @throws Error when `ServiceTimeout` is not a whole number of seconds from 1 to 3600
   */
  async request(
    request: Omit<CustomResourceRequest, 'RequestId' | 'ResponseURL'>,
    cancelled: Promise<void> | undefined,
  ): Promise<Outcome> {
    const id = `${(++this.#count).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const path = `/${id}`;
    const whole = {
      ...request,
      RequestId: id,
      ResponseURL: `https://cloudformation-custom-resource-response.invalid${path}?${signature(this.time.now())}`,
    };
    const stackStatus = this.byId(request.StackId)?.status ?? '';
    const timeout = serviceTimeout(whole);
    const entry: SentRequest = { request: whole, stackStatus, at: this.time.now() };
    this.requests.push(entry);
    const outcome = await new Promise<Outcome>((settle) => {
      this.#pending.set(path, { request: whole, settle });
      void this.time.sleep(timeout * 1000).then(() => {
        settle({ kind: 'no-answer', reason: 'CloudFormation did not receive a response from your Custom Resource' });
      });
      void cancelled?.then(() => {
        settle({ kind: 'cancelled' });
      });
      this.#provider.send(whole);
    });
    this.#pending.delete(path);
    entry.outcome = outcome;
    entry.until = this.time.now();
    return outcome;
  }

  #newStackId(name: string): string {
    const { account = '000000000000', region = 'us-east-1' } = this.options;
    const uuid = `${(++this.#count).toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`;
    return `arn:aws:cloudformation:${region}:${account}:stack/${name}/${uuid}`;
  }
}

/** Seconds, a string: "must be an integer from 1 to 3600. The default value is 3600": aws-resource-cloudformation-customresource.html */
function serviceTimeout(request: CustomResourceRequest): number {
  const given = request.ResourceProperties['ServiceTimeout'] ?? '3600';
  const seconds = Number(given);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new Error(`ServiceTimeout must be an integer from 1 to 3600, got '${JSON.stringify(given)}'`);
}

/** As S3 presigns an address: "the date and time format must follow ISO 8601 … 20130721T201207Z": sigv4-query-string-auth.html */
function signature(time: number): string {
  const date = new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${date}&X-Amz-Expires=7200`;
}
