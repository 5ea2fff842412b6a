import type { Copied, Copy } from './task';

type Failed = Extract<Copied, { readonly state: 'failed' }>;

export function notCopied({ repository, commit }: Copy, failed: readonly Failed[], all: number): string {
  const said = failed.slice(0, 3).map(({ name, why }) => `${name}: ${why}`);
  const more = failed.length > said.length ? `; and ${failed.length - said.length} more` : '';
  return `${failed.length} of ${all} files of hf://${repository}@${commit} could not be copied: ${said.join('; ')}${more}. Next: mend the cause and deploy again; what is copied stays.`;
}

export function again({ message }: Error): string {
  return `${message}. Next: deploy again; what is copied stays.`;
}
