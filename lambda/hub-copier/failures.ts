import type { Copied, Copy, Item } from './task';

type Failed = Extract<Copied, { readonly state: 'failed' }>;

/**
 * Of a reason in JSON: a thousand answers of files that failed fit into the 256 KiB that Step Functions hands from state
 * to state, each with its name and these. Bytes.
 */
const MAX_REASON = 180;

/** The answer for a file: short, because those of all files come together. The log has the whole. */
export function failedFile({ file: { name, size } }: Item, offset: number, cause: string): Failed {
  return { state: 'failed', name, why: shortened(`at byte ${offset} of ${size}: ${withoutPlace(cause)}`) };
}

/** Which file of which repository, and where in S3, is said of all files at once. */
function withoutPlace(cause: string): string {
  return cause.replace(/^could not read \S+ of \S+ at \S+: /, '').replace(/s3:\/\/\S+(?=: )/, 'it');
}

function shortened(text: string): string {
  const bytes = (some: string) => Buffer.byteLength(JSON.stringify(some)) - '""'.length;
  if (bytes(text) <= MAX_REASON) return text;
  const kept = Array.from(text).slice(0, MAX_REASON);
  while (bytes(`${kept.join('')}…`) > MAX_REASON) kept.pop();
  return `${kept.join('')}…`;
}

export function notCopied({ repository, commit }: Copy, failed: readonly Failed[], all: number): string {
  const said = failed.slice(0, 3).map(({ name, why }) => `${name}: ${why}`);
  const more = failed.length > said.length ? `; and ${failed.length - said.length} more` : '';
  return `${failed.length} of ${all} files of hf://${repository}@${commit} could not be copied: ${said.join('; ')}${more}. Next: mend the cause and deploy again; ${STAYS}.`;
}

export function again({ message }: Error): string {
  return `${message}. Next: deploy again; ${STAYS}.`;
}

/** A deployment that creates the stack takes all of it back when it fails, the bucket too. */
const STAYS = "what is copied stays, unless this was the stack's first deployment";
