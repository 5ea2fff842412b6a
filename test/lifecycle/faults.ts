import type { ProviderFaults } from '../../local/cloudformation/provider-framework';

/** What happens to a call to AWS; `timeout-late` takes effect just before its time-out. The two kills end the Lambda. */
export type CallFault =
  | 'throttled'
  | 'server-error'
  | 'timeout-before'
  | 'timeout-after'
  | 'timeout-late'
  | 'denied'
  | 'invalid'
  | 'kill-before'
  | 'kill-after';

/** Calls of one operation, from the `skip`-th on, `times` of them. */
export interface PlannedFault {
  readonly operation: string;
  readonly skip: number;
  readonly times: number;
  readonly kind: CallFault;
}

export interface ProviderPlan {
  /** The n-th request is delivered that many seconds late, and again after as many more. */
  readonly late: readonly { readonly nth: number; readonly seconds: number; readonly again: number | undefined }[];
  readonly startExecution: readonly { readonly nth: number; readonly how: 'fails-before' | 'fails-after' }[];
  readonly servicePolls: readonly number[];
}

/** Faults strike while they are on; every one that did is counted. */
export class Faults implements ProviderFaults {
  on = true;
  readonly struck = new Map<string, number>();
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly calls: readonly PlannedFault[],
    private readonly provider: ProviderPlan,
  ) {}

  /** What happens to this call, if anything. */
  take(operation: string): CallFault | undefined {
    const nth = this.#count(`call ${operation}`);
    if (!this.on) return undefined;
    const fault = this.calls.find(
      (planned) => planned.operation === operation && nth >= planned.skip && nth < planned.skip + planned.times,
    );
    return fault && this.#strike(fault.kind);
  }

  deliveries(): readonly number[] {
    const nth = this.#count('delivery');
    const plan = this.on ? this.provider.late.find((late) => late.nth === nth) : undefined;
    if (!plan) return [0];
    this.#strike(plan.again === undefined ? 'late' : 'repeated');
    const first = plan.seconds * 1000;
    return plan.again === undefined ? [first] : [first, first + plan.again * 1000];
  }

  startExecution(): 'works' | 'fails-before' | 'fails-after' {
    const nth = this.#count('startExecution');
    const plan = this.on ? this.provider.startExecution.find((planned) => planned.nth === nth) : undefined;
    if (!plan) return 'works';
    this.#strike(`startExecution ${plan.how}`);
    return plan.how;
  }

  poll(): 'works' | 'service-error' {
    const nth = this.#count('poll');
    if (!this.on || !this.provider.servicePolls.includes(nth)) return 'works';
    return this.#strike('service-error');
  }

  get total(): number {
    return [...this.struck.values()].reduce((sum, n) => sum + n, 0);
  }

  #strike<T extends string>(kind: T): T {
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1);
    return kind;
  }

  #count(what: string): number {
    const n = this.#seen.get(what) ?? 0;
    this.#seen.set(what, n + 1);
    return n;
  }
}
