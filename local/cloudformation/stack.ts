import type { CloudFormation, StackOutcome } from './cloudformation';
import type { Outcome, Properties } from './custom-resource';
import { inOrder, inReverse } from './order';
import { changeOf, type Change } from './other-resources';
import { resolve, type Template, type TemplateResource, type Values } from './template';

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
interface Touched {
  readonly how: 'created' | 'updated' | 'replaced' | 'failed' | 'cancelled';
  readonly now: StackResource;
}

/** A create or an update under way. */
interface Operation {
  readonly before: ReadonlyMap<string, StackResource>;
  readonly touched: Map<string, Touched>;
  /** What is to be deleted when all is rolled back. */
  readonly surplus: StackResource[];
  readonly reasons: string[];
  /** Settles when CloudFormation stops listening to the resources in progress. */
  readonly cancelled: Promise<void>;
  cancel(): void;
  failed: boolean;
}

/**
 * One stack. Resources are created and updated side by side in dependency order, and the first failure cancels the rest.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
 */
export class Stack {
  status = 'REVIEW_IN_PROGRESS';
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970: when the last create or update began. */
  changedAt: number;
  resources = new Map<string, StackResource>();
  /** Status of each resource that anything was ever asked of. */
  readonly statuses = new Map<string, string>();
  imports = new Set<string>();
  exports = new Map<string, string>();
  outputs: Readonly<Record<string, string>> = {};
  /** Resources whose Delete failed in clean-up: nobody deletes them any more. */
  readonly abandoned: StackResource[] = [];
  /** Resources that left the stack by a policy to keep them. */
  readonly retained: StackResource[] = [];
  #template: Template = { Resources: {} };
  #operation: Operation | undefined;
  #ended = false;
  #invented = 0;

  constructor(
    private readonly cloudFormation: CloudFormation,
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
    this.status = 'CREATE_IN_PROGRESS';
    const operation = this.#begin();
    await this.#apply(template, operation);
    if (this.#ended) return this.#outcome(operation);
    if (operation.failed) {
      this.status = 'ROLLBACK_IN_PROGRESS';
      const left = await this.#remove(template, [...this.resources.values()], operation, () => false);
      return this.#end(left ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', template, operation);
    }
    return this.#end('CREATE_COMPLETE', template, operation);
  }

  async update(template: Template): Promise<StackOutcome> {
    this.status = 'UPDATE_IN_PROGRESS';
    this.changedAt = this.cloudFormation.time.now();
    const operation = this.#begin();
    await this.#apply(template, operation);
    if (this.#ended) return this.#outcome(operation);
    if (operation.failed) return this.#rollBack(operation);
    this.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    const replaced = [...operation.touched.values()].filter(({ how }) => how === 'replaced');
    await this.#cleanUp(
      replaced.map(({ now }) => ({ ...beforeOf(operation, now), template: now.template })),
      ({ UpdateReplacePolicy }) => UpdateReplacePolicy,
    );
    const removed = [...operation.before.values()].filter(({ logicalId }) => !(logicalId in template.Resources));
    for (const { logicalId } of removed) this.resources.delete(logicalId);
    await this.#cleanUp(removed, ({ DeletionPolicy }) => DeletionPolicy);
    return this.#end('UPDATE_COMPLETE', template, operation);
  }

  /** CancelUpdateStack: resources in progress are not listened to any more, and all is rolled back. */
  cancelUpdate(): void {
    if (this.status === 'UPDATE_IN_PROGRESS' && this.#operation) this.#fail(this.#operation, 'User Initiated');
  }

  /** ContinueUpdateRollback, after UPDATE_ROLLBACK_FAILED: what was not rolled back is tried again. */
  async continueRollback(): Promise<StackOutcome> {
    if (!this.#operation) throw new Error(`${this.name} has nothing to roll back`);
    return this.#rollBack(this.#operation);
  }

  /** Ends whatever create or update is in progress. */
  async delete(): Promise<StackOutcome> {
    const running = this.#operation;
    this.#ended = true;
    this.status = 'DELETE_IN_PROGRESS';
    running?.cancel();
    await this.cloudFormation.time.sleep(1000);
    // a rollback that failed has not come to its clean-up
    await this.#cleanUp(
      running?.surplus.filter(({ logicalId }) => running.before.has(logicalId)) ?? [],
      () => 'Delete',
    );
    const operation = this.#begin();
    const left = await this.#remove(this.#template, [...this.resources.values()], operation, isKept);
    this.exports.clear();
    this.imports.clear();
    this.status = left ? 'DELETE_FAILED' : 'DELETE_COMPLETE';
    return this.#outcome(operation);
  }

  #begin(): Operation {
    let cancel: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => {
      cancel = resolve;
    });
    const before = new Map(this.resources);
    this.#operation = { before, touched: new Map(), surplus: [], reasons: [], cancelled, cancel, failed: false };
    return this.#operation;
  }

  #end(status: string, template: Template, operation: Operation): StackOutcome {
    this.#template = template;
    this.#operation = undefined;
    this.status = status;
    return this.#outcome(operation);
  }

  #outcome(operation: Operation): StackOutcome {
    return { status: this.status, reasons: operation.reasons };
  }

  /** The first failure: nobody listens any more to what is in progress, and nothing else is begun. */
  #fail(operation: Operation, reason: string): void {
    if (!operation.failed || reason !== 'cancelled') operation.reasons.push(reason);
    operation.failed = true;
    operation.cancel();
  }

  async #apply(template: Template, operation: Operation): Promise<void> {
    this.#template = { ...template, Resources: { ...this.#template.Resources, ...template.Resources } };
    await inOrder(template.Resources, Object.keys(template.Resources), async (id) => {
      const resource = template.Resources[id];
      if (!resource || operation.failed || this.#ended) return;
      try {
        await this.#applyOne(id, resource, operation);
      } catch (error) {
        this.#fail(operation, `${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
    if (!operation.failed && !this.#ended) this.#applyOutputs(template, operation);
  }

  async #applyOne(id: string, template: TemplateResource, operation: Operation): Promise<void> {
    const properties = resolve(template.Properties ?? {}, this.#values()) as Properties;
    const old = operation.before.get(id);
    if (!old) {
      await this.#createOne(id, template, properties, operation);
    } else if (JSON.stringify(old.properties) === JSON.stringify(properties)) {
      this.resources.set(id, { ...old, template });
    } else if (old.properties['ServiceToken'] !== properties['ServiceToken']) {
      throw new Error('Modifying service token is not allowed.');
    } else {
      await this.#updateOne(old, { ...old, template, properties }, operation);
    }
  }

  async #createOne(
    id: string,
    template: TemplateResource,
    properties: Properties,
    operation: Operation,
  ): Promise<void> {
    const fresh: StackResource = {
      logicalId: id,
      template,
      properties,
      physicalId: '',
      attributes: {},
      isCreated: false,
    };
    const outcome = await this.#change('Create', fresh, undefined, operation.cancelled);
    // "CloudFormation invents an id for a request that it gave up": aws-cdk custom-resources README
    const given = 'physicalId' in outcome ? outcome.physicalId : undefined;
    const physicalId = given ?? this.#inventId(id);
    const isCreated = outcome.kind === 'success';
    const now = { ...fresh, physicalId, attributes: isCreated ? outcome.data : {}, isCreated };
    this.resources.set(id, now);
    operation.touched.set(id, { how: 'created', now });
    this.#note(id, outcome, operation);
  }

  async #updateOne(old: StackResource, wanted: StackResource, operation: Operation): Promise<void> {
    const outcome = await this.#change('Update', wanted, old.properties, operation.cancelled);
    const { logicalId } = old;
    if (outcome.kind === 'success') {
      const now = { ...wanted, physicalId: outcome.physicalId, attributes: outcome.data };
      operation.touched.set(logicalId, { how: now.physicalId === old.physicalId ? 'updated' : 'replaced', now });
      this.resources.set(logicalId, now);
    } else if (outcome.kind === 'failed') {
      const now = { ...wanted, physicalId: outcome.physicalId ?? old.physicalId };
      operation.touched.set(logicalId, { how: 'failed', now });
    } else {
      operation.touched.set(logicalId, { how: 'cancelled', now: wanted });
    }
    this.#note(logicalId, outcome, operation);
  }

  #note(id: string, outcome: Outcome, operation: Operation): void {
    if (outcome.kind === 'failed' || outcome.kind === 'no-answer') this.#fail(operation, `${id}: ${outcome.reason}`);
  }

  #applyOutputs(template: Template, operation: Operation): void {
    try {
      const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value, Export }]) => {
        const value = String(resolve(Value, this.#values()));
        return { name, value, exported: Export && String(resolve(Export.Name, this.#values())) };
      });
      const exports = new Map(outputs.flatMap(({ value, exported }) => (exported ? [[exported, value] as const] : [])));
      for (const [name, value] of this.exports) {
        if (exports.get(name) !== value && this.cloudFormation.isImported(name, this)) {
          throw new Error(`Export ${name} cannot be updated as it is in use`);
        }
      }
      this.outputs = Object.fromEntries(outputs.map(({ name, value }) => [name, value]));
      this.exports = exports;
    } catch (error) {
      this.#fail(operation, error instanceof Error ? error.message : String(error));
    }
  }

  /** Undoes what an update did: Updates with old and new properties swapped, then Deletes of what is new. */
  async #rollBack(operation: Operation): Promise<StackOutcome> {
    this.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const { touched, before } = operation;
    const changed = [...touched.keys()];
    await inOrder(this.#template.Resources, changed, async (id) => {
      const change = touched.get(id);
      if (change && (await this.#undo(change, operation))) touched.delete(id);
    });
    if (this.#ended) return this.#outcome(operation);
    if (touched.size > 0) {
      this.status = 'UPDATE_ROLLBACK_FAILED';
      return this.#outcome(operation);
    }
    for (const id of this.resources.keys()) if (!before.has(id)) this.resources.delete(id);
    for (const [id, old] of before) if (!changed.includes(id)) this.resources.set(id, old);
    this.status = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    await this.#cleanUp(operation.surplus, () => 'Delete');
    const old = Object.fromEntries([...before].map(([id, { template }]) => [id, template]));
    return this.#end('UPDATE_ROLLBACK_COMPLETE', { Resources: old }, operation);
  }

  /** @returns false when it must be tried again */
  async #undo({ how, now }: Touched, operation: Operation): Promise<boolean> {
    const { failedUpdate, replacedRollback } = this.cloudFormation.switches;
    const { surplus } = operation;
    const old = operation.before.get(now.logicalId);
    if (how === 'created' || !old) {
      surplus.push(now);
      return true;
    }
    const isNew = now.physicalId !== old.physicalId;
    if (how === 'replaced' && replacedRollback === 'delete') {
      this.resources.set(old.logicalId, old);
      surplus.push(now);
      return true;
    }
    const keepsNew = how === 'updated' || how === 'replaced' || (how === 'failed' && failedUpdate === 'keeps-new');
    const current = keepsNew ? now.physicalId : old.physicalId;
    const outcome = await this.#change('Update', { ...old, physicalId: current }, now.properties, undefined);
    if (outcome.kind !== 'success') {
      this.#note(old.logicalId, outcome, operation);
      return false;
    }
    this.resources.set(old.logicalId, { ...old, physicalId: outcome.physicalId, attributes: outcome.data });
    if (outcome.physicalId !== current) surplus.push({ ...now, physicalId: current });
    if (how === 'failed' && isNew && failedUpdate === 'keeps-old-deletes-new') surplus.push(now);
    return true;
  }

  /** Deletes what is left over; a Delete that fails here is never repeated. */
  async #cleanUp(
    surplus: readonly StackResource[],
    policy: (template: TemplateResource) => string | undefined,
  ): Promise<void> {
    for (const resource of surplus.toReversed()) {
      if (policy(resource.template)?.startsWith('Retain')) {
        this.retained.push(resource);
        continue;
      }
      const outcome = await this.#change('Delete', resource, undefined, undefined);
      if (outcome.kind !== 'success') this.abandoned.push(resource);
    }
  }

  /** Deletes resources of the stack, each after what depends on it; what does not go stays in the stack. */
  async #remove(
    template: Template,
    resources: readonly StackResource[],
    operation: Operation,
    kept: (resource: StackResource) => boolean,
  ): Promise<boolean> {
    let left = false;
    await inReverse(
      template.Resources,
      resources.map(({ logicalId }) => logicalId),
      async (id) => {
        const resource = this.resources.get(id);
        if (!resource) return;
        if (kept(resource)) {
          this.retained.push(resource);
        } else {
          const outcome = await this.#change('Delete', resource, undefined, undefined);
          if (outcome.kind !== 'success') {
            left = true;
            this.#note(id, outcome, operation);
            return;
          }
        }
        this.resources.delete(id);
      },
    );
    return left;
  }

  async #change(
    kind: Change,
    resource: StackResource,
    oldProperties: Properties | undefined,
    cancelled: Promise<void> | undefined,
  ): Promise<Outcome> {
    const status = kind.toUpperCase();
    this.statuses.set(resource.logicalId, `${status}_IN_PROGRESS`);
    const outcome = await this.#ask(kind, resource, oldProperties, cancelled);
    this.statuses.set(resource.logicalId, `${status}_${outcome.kind === 'success' ? 'COMPLETE' : 'FAILED'}`);
    return outcome;
  }

  async #ask(
    kind: Change,
    resource: StackResource,
    oldProperties: Properties | undefined,
    cancelled: Promise<void> | undefined,
  ): Promise<Outcome> {
    if (!resource.template.Type.startsWith('Custom::')) {
      return changeOf(kind, resource, this, this.cloudFormation.time, cancelled);
    }
    return this.cloudFormation.request(
      {
        RequestType: kind,
        StackId: this.id,
        ResourceType: resource.template.Type,
        LogicalResourceId: resource.logicalId,
        ...(kind !== 'Create' && { PhysicalResourceId: resource.physicalId }),
        ResourceProperties: resource.properties,
        ...(oldProperties && { OldResourceProperties: oldProperties }),
      },
      cancelled,
    );
  }

  #values(): Values {
    const [, partition = '', , region = '', account = ''] = this.id.split(':');
    const pseudo: Record<string, string> = {
      'AWS::AccountId': account,
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackId': this.id,
      'AWS::StackName': this.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return {
      ref: (name) => pseudo[name] ?? this.resources.get(name)?.physicalId ?? '',
      attribute: (id, name) => {
        const value = this.resources.get(id)?.attributes[name];
        // "If a custom resource doesn't return the attribute, the stack operation fails": crpg-ref-responses.html, Data
        if (value === undefined)
          throw new Error(`CustomResource attribute error: Vendor response doesn't contain ${name} attribute of ${id}`);
        return value;
      },
      importValue: (name) => {
        const value = this.cloudFormation.exports.get(name);
        if (value === undefined) throw new Error(`No export named ${name} found`);
        this.imports.add(name);
        return value;
      },
    };
  }

  #inventId(logicalId: string): string {
    return `${this.name}-${logicalId}-${(++this.#invented).toString(36).toUpperCase().padStart(13, '1')}`;
  }
}

function beforeOf(operation: Operation, now: StackResource): StackResource {
  return operation.before.get(now.logicalId) ?? now;
}

/** "RetainExceptOnCreate … deletes the resource if its creation is rolled back": aws-attribute-deletionpolicy.html */
function isKept({ template, isCreated }: StackResource): boolean {
  return template.DeletionPolicy === 'Retain' || (template.DeletionPolicy === 'RetainExceptOnCreate' && isCreated);
}
