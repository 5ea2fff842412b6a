/** One request and its answer, without redirects: what the Hub's calls are made of. */
export type Ask = (question: Question) => Promise<Answer>;

export interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Refuse to connect where the name leads to an address inside a network. */
  readonly publicOnly: boolean;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Headers;
  /**
   * To be read once; fails with ECONNRESET when it is cut off, with ETIMEDOUT when nothing comes. Whoever keeps a piece
   * keeps a copy.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of what was not read. */
  readonly close: () => void;
}

export type Headers = Readonly<Record<string, string | undefined>>;
