/** S3's bound for a whole key, prefix included. */
const MAX_BYTES = 1024;

/**
 * What is wrong with a file's name from outside, or undefined. A good one is relative, has '/' between its parts, and
 * means the same file below any folder, so that neither a key nor a path made from it leaves its prefix or folder.
 */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (Buffer.byteLength(name) > MAX_BYTES) return `it has more than ${MAX_BYTES} bytes`;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(name)) return 'it has a control character or a backslash';
  if (/\p{Surrogate}/u.test(name)) return 'it is not valid Unicode';
  const parts = name.split('/');
  if (parts.includes('')) return "it begins or ends with '/' or has two in a row";
  if (parts.includes('.') || parts.includes('..')) return "it has '.' or '..' for a part";
  return undefined;
}
