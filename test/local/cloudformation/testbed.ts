import { dirname, join } from 'node:path';
import { CloudFormation, type StackOutcome } from '../../../local/cloudformation/cloudformation';
import type { CustomResourceRequest } from '../../../local/cloudformation/custom-resource';
import { type Invocation, invoke } from '../../../local/cloudformation/lambda-runtime';
import { OTHER_RESOURCE } from '../../../local/cloudformation/other-resources';
import { ProviderFramework, type ProviderFaults } from '../../../local/cloudformation/provider-framework';
import type { Stack } from '../../../local/cloudformation/stack';
import type { Switches } from '../../../local/cloudformation/switches';
import type { Template, TemplateResource } from '../../../local/cloudformation/template';
import { VirtualTime } from '../../../local/cloudformation/virtual-time';

export type Event = CustomResourceRequest & { readonly IsBegun?: true };

/** The user's two functions behind the framework, which may reach outside through `invocation.call`. */
export interface Handlers {
  onEvent(event: Event, invocation: Invocation): unknown;
  isComplete(event: Event, invocation: Invocation): unknown;
}

export interface AccountOptions {
  readonly handlers?: Partial<Handlers>;
  readonly faults?: Partial<ProviderFaults>;
  readonly switches?: Partial<Switches>;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const POLL_SECONDS = 15;

/** A CloudFormation over the CDK's real framework runtime and small handlers, in virtual time. */
export class Account {
  readonly time = new VirtualTime(0);
  readonly cloudFormation: CloudFormation;
  /** Events that reached the user's onEvent, such as `Create A`. */
  readonly events: string[] = [];
  /** When the user's isComplete was asked, in milliseconds. */
  readonly polls: number[] = [];
  readonly #handlers: Handlers;

  constructor({ handlers, faults, switches }: AccountOptions = {}) {
    this.#handlers = { ...things(this.time), ...handlers };
    this.cloudFormation = new CloudFormation({
      time: this.time,
      ...(switches && { switches }),
      provider: (respond) =>
        new ProviderFramework({
          time: this.time,
          runtime: RUNTIME,
          intervalSeconds: POLL_SECONDS,
          maxAttempts: (55 * 60) / POLL_SECONDS,
          faults: { deliveries: () => [0], startExecution: () => 'works', poll: () => 'works', ...faults },
          respond,
          invoke: (payload) => this.#invoke(payload as Event),
        }),
    });
  }

  /** Deploys and waits for the end, in virtual time. */
  async deploy(
    resources: Template['Resources'],
    outputs: Template['Outputs'] = {},
    name = 'One',
  ): Promise<StackOutcome> {
    return this.end(this.cloudFormation.deploy(name, { Resources: resources, Outputs: outputs }));
  }

  async delete(name = 'One'): Promise<StackOutcome> {
    return this.end(this.stack(name).delete());
  }

  /** Waits until something has ended. */
  async end<T>(what: Promise<T>): Promise<T> {
    const ends: unknown[] = [];
    const ended = what.finally(() => ends.push('ended'));
    ended.catch(() => undefined);
    await this.time.run(this.time.now() + 24 * HOUR, () => ends.length > 0);
    if (ends.length === 0) throw new Error('it never ended');
    return ended;
  }

  /** Lets time pass. */
  async pass(milliseconds: number): Promise<void> {
    await this.time.run(this.time.now() + milliseconds);
  }

  stack(name = 'One'): Stack {
    const stack = this.cloudFormation.find(name);
    if (!stack) throw new Error(`there is no stack ${name}`);
    return stack;
  }

  /** What CloudFormation sent, such as `Update A A-1`, from the `from`-th request on. */
  sent(from = 0): string[] {
    return this.cloudFormation.requests.slice(from).map(({ request }) => short(request));
  }

  /** The last request of a kind. */
  last(type: CustomResourceRequest['RequestType']): CustomResourceRequest {
    const found = this.cloudFormation.requests.findLast(({ request }) => request.RequestType === type);
    if (!found) throw new Error(`no ${type} was sent`);
    return found.request;
  }

  async #invoke(event: Event) {
    return invoke(this.time, { timeoutSeconds: 60, callMilliseconds: 100 }, async (invocation) => {
      if (event.IsBegun) {
        this.polls.push(this.time.now());
        return this.#handlers.isComplete(event, invocation);
      }
      this.events.push(short(event));
      return { IsBegun: true, ...((await this.#handlers.onEvent(event, invocation)) as object) };
    });
  }
}

const RUNTIME = join(dirname(require.resolve('aws-cdk-lib')), 'custom-resources/lib/provider-framework/runtime');

function short({ RequestType, LogicalResourceId, PhysicalResourceId = '' }: CustomResourceRequest): string {
  return `${RequestType} ${LogicalResourceId} ${PhysicalResourceId}`.trim();
}

/** What a thing of the default handlers is asked to do, in its properties. */
export interface Wishes {
  /** Another one is another physical id, `<logical id>-<version>`. */
  readonly Version?: number;
  /** Until it is complete. */
  readonly Minutes?: number;
  /** What isComplete, or onEvent, throws on. */
  readonly Fails?: CustomResourceRequest['RequestType'];
  readonly Throws?: CustomResourceRequest['RequestType'];
}

function things(time: VirtualTime): Handlers {
  const begun = new Map<string, number>();
  return {
    onEvent: ({ RequestType, RequestId, LogicalResourceId, PhysicalResourceId, ResourceProperties }) => {
      if (ResourceProperties['Throws'] === RequestType) throw new Error(`onEvent threw on ${RequestType}`);
      begun.set(RequestId, time.now());
      const { Version = '1' } = ResourceProperties as { Version?: string };
      const id = RequestType === 'Delete' ? PhysicalResourceId : `${LogicalResourceId}-${Version}`;
      return { PhysicalResourceId: id, Data: { Name: `name of ${id}` } };
    },
    isComplete: ({ RequestType, RequestId, ResourceProperties }) => {
      if (ResourceProperties['Fails'] === RequestType) throw new Error(`${RequestType} failed`);
      const since = time.now() - (begun.get(RequestId) ?? 0);
      return { IsComplete: since >= Number(ResourceProperties['Minutes'] ?? 0) * MINUTE };
    },
  };
}

/** A custom resource. */
export function thing(
  wishes: Wishes & Readonly<Record<string, unknown>> = {},
  attributes: Partial<TemplateResource> = {},
): TemplateResource {
  return { Type: 'Custom::Thing', Properties: { ServiceToken: 'provider', ...wishes }, ...attributes };
}

/** A resource of CloudFormation's own that takes its time, and may fail. */
export function other(
  properties: { readonly Seconds?: number; readonly FailsOn?: 'Create' | 'Update'; readonly Change?: number } = {},
  attributes: Partial<TemplateResource> = {},
): TemplateResource {
  return { Type: OTHER_RESOURCE, Properties: properties, ...attributes };
}
