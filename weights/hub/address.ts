import { normalRevision, repositoryProblem, revisionProblem } from './repository';
import { printable } from '../printable';

/** A revision of a model repository on the Hub. */
export interface HubAddress {
  /** As in `openai/gpt-oss-20b`. */
  readonly repository: string;
  /** Commit, tag or branch. */
  readonly revision: string;
}

/** An address that names no revision of a model repository; the message says why, and what to write instead. */
export class InvalidHubAddressError extends Error {}

const SCHEME = 'hf://';

/** Whether a text is meant as such an address; `parseHubAddress` says whether it is one. */
export function isHubAddress(text: string): boolean {
  return text.startsWith(SCHEME);
}

/**
 * Reads `hf://owner/name@revision`; without a revision it is `main`. A revision may hold '/', as in `refs/pr/1`.
 *
 * @throws InvalidHubAddressError
 */
export function parseHubAddress(text: string): HubAddress {
  if (!isHubAddress(text)) {
    throw new InvalidHubAddressError(`an address on Hugging Face begins with ${SCHEME}, got ${printable(text)}`);
  }
  const rest = text.slice(SCHEME.length);
  const at = rest.indexOf('@');
  const repository = at < 0 ? rest : rest.slice(0, at);
  const revision = at < 0 ? 'main' : rest.slice(at + 1);
  const ofRepository = repositoryProblem(repository);
  if (ofRepository) throw new InvalidHubAddressError(`${printable(text)} names no model repository: ${ofRepository}`);
  const ofRevision = revisionProblem(revision);
  if (ofRevision) throw new InvalidHubAddressError(`${printable(text)} names no revision: ${ofRevision}`);
  return { repository, revision: normalRevision(revision) };
}

/** As `parseHubAddress` reads it. */
export function hubAddressText({ repository, revision }: HubAddress): string {
  return `${SCHEME}${repository}@${revision}`;
}
