import type { VirtualTime } from './virtual-time';

/** When an invocation dies, around a call to the outside. */
export type Death = 'before' | 'after';

/** What Lambda answers to whoever invoked a function. */
export type InvocationResult =
  { readonly value: unknown } | { readonly error: { readonly errorMessage: string; readonly trace: string[] } };

/** One run of a function. Everything that it does outside goes through `call`, where it takes time and may die. */
export class Invocation {
  #dead = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly milliseconds: number,
    private readonly die: (why: string) => void,
  ) {}

  async call<T>(effect: () => Promise<T>, death?: Death): Promise<T> {
    await this.#pass();
    if (death === 'before') return this.#end();
    const outcome = await effect().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (death === 'after') return this.#end();
    await this.#pass();
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** What has been given up stops here: nothing after this point happens. */
  async #pass(): Promise<void> {
    await this.time.sleep(this.milliseconds / 2);
    if (this.#dead) await never();
  }

  async #end(): Promise<never> {
    this.#dead = true;
    this.die('Error: Runtime exited without providing a reason');
    return never();
  }

  stop(): void {
    this.#dead = true;
  }
}

export interface LambdaOptions {
  readonly timeoutSeconds: number;
  /** How long a call to the outside takes. */
  readonly callMilliseconds: number;
}

/** Runs a function as Lambda does: payloads travel as JSON, and a run ends with its time-out. */
export async function invoke(
  time: VirtualTime,
  options: LambdaOptions,
  code: (invocation: Invocation) => Promise<unknown>,
): Promise<InvocationResult> {
  return new Promise((resolve) => {
    const fail = (errorMessage: string, trace: string[] = []) => {
      resolve({ error: { errorMessage, trace } });
    };
    const invocation = new Invocation(time, options.callMilliseconds, fail);
    void time.sleep(options.timeoutSeconds * 1000).then(() => {
      invocation.stop();
      fail(`Task timed out after ${options.timeoutSeconds}.00 seconds`);
    });
    code(invocation).then(
      (value) => {
        resolve({ value: value === undefined ? null : JSON.parse(JSON.stringify(value)) });
      },
      (error: unknown) => {
        const { message, stack } = error instanceof Error ? error : new Error(String(error));
        fail(message, (stack ?? message).split('\n'));
      },
    );
  });
}

async function never(): Promise<never> {
  return new Promise(() => undefined);
}
