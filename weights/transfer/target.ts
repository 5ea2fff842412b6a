import type { OpenFile } from './source';

/** What a file is called until it is whole. */
export function partName(name: string): string {
  return `${name}.part`;
}

/** A folder that files arrive in. */
export interface Target {
  /** For messages. */
  readonly address: string;
  /** A file that is there already. */
  open(name: string): Promise<OpenFile | undefined>;
  /** The unfinished file of that name, which lies beside it as `partName` says; made when it is not there. */
  part(name: string): Promise<PartFile>;
}

export interface PartFile {
  /** Bytes that an earlier run has left. */
  readonly size: number;
  read(position: number, buffer: Uint8Array): Promise<number>;
  write(position: number, bytes: Uint8Array): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Makes sure that it is on the disk, and gives it its name: what had that name before is replaced at once. */
  finish(): Promise<void>;
  /** Leaves it for a later run to go on with. */
  close(): Promise<void>;
}
