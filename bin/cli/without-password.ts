/** All before the last '@' is left out: an address that is refused may be none, and its password have any character. */
export function withoutPassword(address: string): string {
  return address.replace(/^(https?:\/{0,2})?.*@/is, '$1***@');
}
