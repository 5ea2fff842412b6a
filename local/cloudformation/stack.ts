import type { CloudFormation, StackOutcome } from './cloudformation';
import { Operation, type StackResource } from './operation';
import { refuseIfImported } from './outputs';
import { cleanUp, isKeptForGood, isKeptOnRollback, isKeptWhenReplaced, removeAll } from './removal';
import { rollForward } from './roll-forward';
import { rollBack } from './rollback';
import type { Template } from './template';

export type { StackResource } from './operation';

/** One stack, and the statuses that it goes through: aws-cdk's docs/CLOUDFORMATION.md draws them. */
export class Stack {
  status = 'REVIEW_IN_PROGRESS';
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970: when the last create or update began. */
  changedAt: number;
  readonly resources = new Map<string, StackResource>();
  /** Status of each resource that anything was ever asked of. */
  readonly statuses = new Map<string, string>();
  /** Exports of other stacks that it reads. */
  imports = new Set<string>();
  exports: ReadonlyMap<string, string> = new Map<string, string>();
  outputs: Readonly<Record<string, string>> = {};
  /** Resources whose Delete failed in clean-up: nobody deletes them any more. */
  readonly abandoned: StackResource[] = [];
  /** Resources that left the stack by a policy to keep them. */
  readonly retained: StackResource[] = [];
  #operation: Operation | undefined;
  #invented = 0;

  constructor(
    readonly cloudFormation: CloudFormation,
    readonly name: string,
    readonly id: string,
  ) {
    this.createdAt = cloudFormation.time.now();
    this.changedAt = this.createdAt;
  }

  get isBusy(): boolean {
    return this.status.endsWith('_IN_PROGRESS');
  }

  async create(template: Template): Promise<StackOutcome> {
    const operation = this.#begin('CREATE_IN_PROGRESS');
    await rollForward(this, template, operation);
    if (operation.isSuperseded) return this.#outcome(operation);
    if (!operation.hasFailed) return this.#end('CREATE_COMPLETE', operation);
    this.status = 'ROLLBACK_IN_PROGRESS';
    await removeAll(this, operation, isKeptOnRollback);
    this.imports = new Set();
    return this.#end(this.resources.size > 0 ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', operation);
  }

  async update(template: Template): Promise<StackOutcome> {
    if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(this.status)) {
      return this.#refused(`Stack:${this.id} is in ${this.status} state and can not be updated.`);
    }
    this.changedAt = this.cloudFormation.time.now();
    const operation = this.#begin('UPDATE_IN_PROGRESS');
    await rollForward(this, template, operation);
    return operation.hasFailed ? this.#rollBack(operation) : this.#finishUpdate(template, operation);
  }

  /** CancelUpdateStack: resources in progress are not listened to any more, and all is rolled back. */
  cancelUpdate(): void {
    if (this.status === 'UPDATE_IN_PROGRESS') this.#operation?.fail('User Initiated');
  }

  /** ContinueUpdateRollback, after UPDATE_ROLLBACK_FAILED: what was not rolled back is tried again. */
  async continueRollback(): Promise<StackOutcome> {
    if (this.status !== 'UPDATE_ROLLBACK_FAILED' || !this.#operation) {
      return this.#refused(`Stack:${this.id} is in ${this.status} state and has no rollback to continue.`);
    }
    return this.#rollBack(this.#operation);
  }

  /** Ends a create in progress; any other operation must have ended. What did not go is asked again the next time. */
  async delete(): Promise<StackOutcome> {
    const refusal = this.#whyNotDeleted();
    if (refusal !== undefined) return this.#refused(refusal);
    const former = this.#operation;
    former?.supersede();
    const operation = this.#begin('DELETE_IN_PROGRESS');
    await this.cloudFormation.time.sleep(1000);
    // a rollback that failed did not come to its clean-up; what is new is still in the stack
    const surplus = former?.surplus.filter(({ logicalId }) => former.before.has(logicalId)) ?? [];
    await cleanUp(this, surplus, () => false);
    await removeAll(this, operation, isKeptForGood);
    if (this.resources.size > 0) return this.#end('DELETE_FAILED', operation);
    this.exports = new Map();
    this.imports = new Set();
    return this.#end('DELETE_COMPLETE', operation);
  }

  /** `<stackname>-<logicalId>-<suffix>`: aws-cdk's custom-resources/README.md */
  inventId(logicalId: string): string {
    return `${this.name}-${logicalId}-${(++this.#invented).toString(36).toUpperCase().padStart(13, '1')}`;
  }

  /** "new resources, updates", then "delete replaced resources, delete removed resources": aws-cdk's docs/CLOUDFORMATION.md */
  async #finishUpdate(template: Template, operation: Operation): Promise<StackOutcome> {
    this.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    const { before, touched } = operation;
    const replaced = [...touched.values()].flatMap(({ how, now }) => {
      const old = before.get(now.logicalId);
      return how === 'replaced' && old ? [{ ...old, template: now.template }] : [];
    });
    const removed = [...before.values()].filter(({ logicalId }) => !(logicalId in template.Resources));
    for (const { logicalId } of removed) this.resources.delete(logicalId);
    this.imports = operation.imports;
    await cleanUp(this, [...replaced, ...removed], (resource) =>
      removed.includes(resource) ? isKeptForGood(resource) : isKeptWhenReplaced(resource),
    );
    return this.#end('UPDATE_COMPLETE', operation);
  }

  async #rollBack(operation: Operation): Promise<StackOutcome> {
    this.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    if (!(await rollBack(this, operation))) {
      this.status = 'UPDATE_ROLLBACK_FAILED';
      return this.#outcome(operation);
    }
    this.status = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    this.imports = new Set(operation.importsBefore);
    await cleanUp(this, operation.surplus, (resource) =>
      operation.before.has(resource.logicalId) ? false : isKeptOnRollback(resource),
    );
    return this.#end('UPDATE_ROLLBACK_COMPLETE', operation);
  }

  /**
   * "cannot be deleted while in status UPDATE_IN_PROGRESS": aws-toolkit-azure-devops#317; and with an export in use the
   * stack goes back to what it was: botocore#2590, stax#40.
   */
  #whyNotDeleted(): string | undefined {
    if (this.isBusy && this.status !== 'CREATE_IN_PROGRESS')
      return `Stack [${this.id}] cannot be deleted while in status ${this.status}`;
    try {
      for (const name of this.exports.keys()) refuseIfImported(this, name, 'deleted');
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return undefined;
  }

  #begin(status: string): Operation {
    this.status = status;
    this.#operation = new Operation(new Map(this.resources), new Set(this.imports));
    return this.#operation;
  }

  #end(status: string, operation: Operation): StackOutcome {
    this.#operation = undefined;
    this.status = status;
    return this.#outcome(operation);
  }

  #outcome({ reasons }: Operation): StackOutcome {
    return { status: this.status, reasons };
  }

  #refused(reason: string): StackOutcome {
    return { status: this.status, reasons: [reason] };
  }
}
