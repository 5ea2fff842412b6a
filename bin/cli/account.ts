/** What `preflight` asks of an account. */
export interface Account {
  /** Of the calls below. */
  readonly region: string;
  /** Who asks. */
  caller(): Promise<Caller>;
  /** Names of the imported models that the account has. */
  models(): Promise<readonly string[]>;
  /** Names of the import jobs that run. */
  runningJobs(): Promise<readonly string[]>;
  /** The account's value, or AWS's default where the account has none of its own. */
  quota(code: string): Promise<number | undefined>;
  /** Actions of the caller that policies deny, by IAM's simulator, which does nothing. */
  denied(caller: Caller, actions: readonly string[]): Promise<readonly string[]>;
}

export interface Caller {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
}
