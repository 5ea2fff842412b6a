/** One file that a repair changes. Nothing is changed by making one. */
export type Repair = TextRepair | HeaderRepair | LeaveOut;

interface Described {
  readonly file: string;
  /** What is done, as a clause: "remove total_parameters from the index". */
  readonly what: string;
}

/** A text is replaced. */
export interface TextRepair extends Described {
  readonly kind: 'text';
  /** Undefined where the file is made. */
  readonly before: string | undefined;
  readonly after: string;
}

/** The beginning of a shard is replaced; the bytes of its tensors stay as they are, if not always where they are. */
export interface HeaderRepair extends Described {
  readonly kind: 'header';
  /** The header, a tensor a line, for showing. */
  readonly before: string;
  readonly after: string;
  /** The new beginning: the length of the header, and the header. */
  readonly start: Uint8Array;
  /** Bytes of the old beginning. */
  readonly replaced: number;
}

/** A file is no part of the model. */
export interface LeaveOut extends Described {
  readonly kind: 'leave-out';
}
