import type { Properties } from './custom-resource';
import type { TemplateResource } from './template';

/** A resource as the stack knows it. */
export interface StackResource {
  readonly logicalId: string;
  readonly template: TemplateResource;
  readonly properties: Properties;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** False while its creation has not succeeded. */
  readonly isCreated: boolean;
}

/** What an operation did to a resource, to be undone by a rollback. */
export interface Touched {
  readonly how: 'created' | 'updated' | 'replaced' | 'failed' | 'cancelled';
  readonly now: StackResource;
}

/** A create, an update or a delete of a stack under way. */
export class Operation {
  readonly touched = new Map<string, Touched>();
  /** What is deleted when all is rolled back. */
  readonly surplus: StackResource[] = [];
  /** Logical ids of what has been rolled back. */
  readonly undone = new Set<string>();
  /** Exports of other stacks that were read. */
  readonly imports = new Set<string>();
  readonly reasons: string[] = [];
  /** Settles when CloudFormation stops listening to the resources in progress. */
  readonly cancelled: Promise<void>;
  #cancel: () => void = () => undefined;
  #hasFailed = false;
  #isSuperseded = false;

  /**
   * @param before the stack's resources when it began
   * @param importsBefore what the stack imported when it began
   */
  constructor(
    readonly before: ReadonlyMap<string, StackResource>,
    readonly importsBefore: ReadonlySet<string>,
  ) {
    this.cancelled = new Promise((resolve) => {
      this.#cancel = resolve;
    });
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** True when the stack is deleted meanwhile. */
  get isSuperseded(): boolean {
    return this.#isSuperseded;
  }

  get goesOn(): boolean {
    return !this.#hasFailed && !this.#isSuperseded;
  }

  /**
   * "Resource creation cancelled": at the first failure nobody listens any more to what is in progress, and nothing else
   * is begun (aws-cdk#26139, aws-cdk's custom-resources/README.md, "Important cases to handle").
   */
  fail(reason: string): void {
    this.reasons.push(reason);
    this.#hasFailed = true;
    this.#cancel();
  }

  supersede(): void {
    this.#isSuperseded = true;
    this.#cancel();
  }
}
