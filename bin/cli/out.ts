/** What a command says, and to whom. */
export interface Out {
  /** Results. */
  readonly stdout: Stream;
  /** Progress and complaints. */
  readonly stderr: Stream;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when somebody wants the command to end. */
  readonly signal: AbortSignal;
}

/** As much of a process's stream as a command needs. */
export interface Stream {
  write(text: string): unknown;
  /** Whether a person looks at it. */
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
}

/** 0: yes, or done; 1: no, or not done; 2: wrong use. */
export type ExitCode = 0 | 1 | 2;

/** Terminals that do not say how wide they are. */
const USUAL_COLUMNS = 80;

export function columnsOf(stream: Stream): number {
  return stream.columns ?? USUAL_COLUMNS;
}
