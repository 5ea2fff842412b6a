/** Bytes of files together. */
export function bytesOf(files: Iterable<{ readonly size: number }>): number {
  let bytes = 0;
  for (const { size } of files) bytes += size;
  return bytes;
}
