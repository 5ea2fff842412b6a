/** Where CloudFormation's documentation is silent, what it does: what is proven must hold every way. */
export interface Switches {
  /**
   * After a custom resource's Update failed with a new physical id.
   * - `keeps-new`: the new id is the resource's, the rollback's Update carries it, and its answer with the old id brings
   *   a Delete for the new one (field reports: aws-cdk#13527, aws-cdk#30012).
   * - `keeps-old`: the rollback's Update carries the old id, nobody deletes the new one (MiniStack 1.5.33).
   * - `keeps-old-deletes-new`: the rollback's Update carries the old id, and the new one is deleted in clean-up.
   */
  readonly failedUpdate: 'keeps-new' | 'keeps-old' | 'keeps-old-deletes-new';
  /**
   * How a resource that was replaced already is rolled back.
   * - `update`: by an Update with the new id and swapped properties, whose answer is the old id.
   * - `delete`: the old one simply counts again, and the new one is deleted in clean-up (MiniStack 1.5.33).
   */
  readonly replacedRollback: 'update' | 'delete';
}

export const defaultSwitches: Switches = { failedUpdate: 'keeps-new', replacedRollback: 'update' };
