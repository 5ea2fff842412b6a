/** Where a person's words come from. */
export interface Keyboard {
  /** Whether somebody sits at it; else it is a pipe or a file. */
  readonly isTTY: boolean;
  /** All that comes out of a pipe. */
  text(): Promise<string>;
  /** Whoever opens it closes it. */
  open(): Lines;
}

/** What somebody types, line by line. */
export interface Lines {
  /** The next line; undefined when there will be no more, after Ctrl-D or a second Ctrl-C. */
  next(prompt: string): Promise<string | undefined>;
  /** Runs something whose signal the first Ctrl-C aborts. */
  stoppable<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): void;
}
