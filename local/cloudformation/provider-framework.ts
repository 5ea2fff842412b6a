import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CustomResourceRequest } from './custom-resource';
import type { InvocationResult } from './lambda-runtime';
import type { VirtualTime } from './virtual-time';

/** What can go wrong between CloudFormation, the framework and its waiter. */
export interface ProviderFaults {
  /**
   * When the framework gets a request, in milliseconds from now: `[0]` is as it should be. More numbers are repeats, as
   * Lambda makes of an asynchronous event up to twice: invocation-async-error-handling.html
   */
  deliveries(request: CustomResourceRequest): readonly number[];
  startExecution(): 'works' | 'fails-before' | 'fails-after';
  /** A poll of the waiter that ends in an error of the Lambda service's own. */
  poll(): 'works' | 'service-error';
}

export interface ProviderOptions {
  readonly time: VirtualTime;
  /** Folder of the framework's own runtime: an asset of the synthesised app. */
  readonly runtime: string;
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly faults: ProviderFaults;
  /** Runs the one function behind the framework. */
  invoke(payload: unknown): Promise<InvocationResult>;
  /** Takes what is put to a ResponseURL. */
  respond(path: string, body: string): void;
}

interface Runtime {
  onEvent(event: unknown): Promise<void>;
  isComplete(event: unknown): Promise<void>;
  onTimeout(event: unknown): Promise<void>;
}

/** Characters, of a failed task's cause: API_LambdaFunctionFailedEventDetails.html */
const MAX_CAUSE = 32_768;

/**
 * The CDK's Provider framework as it was synthesised, with its three calls to the outside and its waiter replaced. The
 * runtime is one module for the whole process, so the newest framework has it: one must be done before the next is made.
 */
export class ProviderFramework {
  readonly #runtime: Runtime;

  constructor(private readonly options: ProviderOptions) {
    // any value will do: the framework only hands them back to the calls replaced below
    Object.assign(process.env, {
      USER_ON_EVENT_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:handler',
      USER_IS_COMPLETE_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:handler',
      WAITER_STATE_MACHINE_ARN: 'waiter',
    });
    const load = createRequire(join(options.runtime, 'framework.js'));
    Object.assign(load('./util'), { log: () => undefined });
    Object.assign(load('./outbound'), {
      invokeFunction: async (request: { Payload: string }) =>
        asLambdaAnswer(await options.invoke(JSON.parse(request.Payload))),
      startExecution: (request: { input: string }) => this.#startExecution(request.input),
      httpRequest: async (request: { path: string }, body: string) => {
        options.respond(request.path, body);
        return Promise.resolve();
      },
    });
    this.#runtime = load('./framework') as Runtime;
  }

  /** Sends a request as CloudFormation does: without waiting, perhaps late, perhaps twice. */
  send(request: CustomResourceRequest): void {
    for (const delay of this.options.faults.deliveries(request)) void this.#deliver(request, delay);
  }

  async #deliver(request: CustomResourceRequest, delay: number): Promise<void> {
    await this.options.time.sleep(delay);
    await this.#runtime.onEvent(structuredClone(request));
  }

  /** No name is given to the execution, so an event that comes twice has two waiters: `framework.js`, onEvent. */
  async #startExecution(input: string): Promise<void> {
    const how = this.options.faults.startExecution();
    if (how !== 'fails-before') void this.#wait(input);
    if (how !== 'works') throw new Error('StartExecution: Service Unavailable');
    return Promise.resolve();
  }

  /**
   * One Task with a Retry on every error, then a Catch: what `waiter-state-machine.js` of the CDK writes. `onTimeout`
   * reads the event out of the cause: after an error of Lambda's own, or when the event is cut off, it only throws.
   */
  async #wait(input: string): Promise<void> {
    const { time, intervalSeconds, maxAttempts } = this.options;
    let last: Error = new Error('the waiter never polled');
    for (let attempt = 0; attempt <= maxAttempts; attempt++) {
      if (attempt > 0) await time.sleep(intervalSeconds * 1000);
      try {
        if (this.options.faults.poll() === 'service-error') throw new Error('Lambda.TooManyRequestsException');
        await this.#runtime.isComplete(JSON.parse(input));
        return;
      } catch (error) {
        last = error instanceof Error ? error : new Error(String(error));
      }
    }
    try {
      const cause = JSON.stringify({ errorMessage: last.message });
      await this.#runtime.onTimeout({ Error: last.name, Cause: cause.slice(0, MAX_CAUSE) });
    } catch {
      // nobody answers; CloudFormation gives up at ServiceTimeout
    }
  }
}

function asLambdaAnswer(result: InvocationResult): { Payload: string; FunctionError?: string } {
  if ('error' in result) return { Payload: JSON.stringify(result.error), FunctionError: 'Unhandled' };
  return { Payload: JSON.stringify(result.value) };
}
