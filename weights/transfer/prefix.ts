/** Refuses what would mix two folders: `v1` begins every key of `v10/`, too. */
export function requirePrefix(prefix: string): void {
  if (prefix === '' || prefix.endsWith('/')) return;
  throw new Error(`'prefix' must end in '/', got '${prefix}'; did you mean '${prefix}/'?`);
}
