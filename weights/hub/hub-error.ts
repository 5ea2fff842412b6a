/**
 * What a caller does about a failure:
 * - missing-repository, missing-revision, missing-file: give another; a private repository is missing without a token
 * - gated, denied: a person must accept the conditions, or give a token that may read the repository
 * - rate-limited: the same call succeeds after `waitSeconds`
 * - busy, cut: the same call may succeed later; a file goes on from the byte that it has come to
 * - changed: the file has another size than it had when it was looked at before
 * - damaged: what came is not what the repository holds; get it again
 * - refused: anything else, which will not change by itself
 */
export type HubProblem =
  | 'missing-repository'
  | 'missing-revision'
  | 'missing-file'
  | 'gated'
  | 'denied'
  | 'rate-limited'
  | 'busy'
  | 'cut'
  | 'changed'
  | 'damaged'
  | 'refused';

/** A failed call to the Hub; `kind` says what to do. Neither it nor its cause holds the token or a signed address. */
export class HubError extends Error {
  /** As the Hub says it. @default - it does not say */
  readonly waitSeconds?: number;

  constructor(
    readonly kind: HubProblem,
    message: string,
    { waitSeconds, ...options }: ErrorOptions & { readonly waitSeconds?: number } = {},
  ) {
    super(message, options);
    if (waitSeconds !== undefined) this.waitSeconds = waitSeconds;
  }
}
