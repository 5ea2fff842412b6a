/** What the Hub puts into `X-Error-Code`. Source: huggingface_hub, `hf_raise_for_status` in utils/_http.py. */
export type ErrorCode = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound' | 'GatedRepo';

/** A refusal in the Hub's words. */
export class HubError extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode | undefined,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
