import { error, type Finding } from '../finding';

/** Whether a file begins as Git LFS's stand-in for one does. */
export function isLfsPointer(start: string | Uint8Array): boolean {
  const text = typeof start === 'string' ? start : Buffer.from(start.subarray(0, MARK.length)).toString('latin1');
  return text.startsWith(MARK);
}

const MARK = 'version https://git-lfs';

export function lfsPointer(file: string): Finding {
  const problem = 'is a Git LFS pointer: the address of the file instead of the file';
  return error({ code: 'git-lfs-pointer', file, problem, remedy: 'fetch the content: git lfs pull, or hf download' });
}
