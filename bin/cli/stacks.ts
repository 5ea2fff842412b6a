/** What is asked of CloudFormation to find the bucket of a stack. */
export interface Stacks {
  /** Undefined when there is no such stack. */
  stack(name: string): Promise<Stack | undefined>;
  /** The template as it is deployed, as text. */
  template(name: string): Promise<string>;
  /** What other stacks of the account export under this name. */
  exported(name: string): Promise<string | undefined>;
}

export interface Stack {
  /** Such as CREATE_IN_PROGRESS. */
  readonly status: string;
  /** Values by name, as the stack resolved them; those of pseudo parameters, too. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Physical ids by logical id, of resources that are there. */
  readonly resources: ReadonlyMap<string, string>;
}
