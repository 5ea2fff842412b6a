import { errorCode } from '../../weights/error-code';
import {
  type Hub,
  type HubAddress,
  HubError,
  hubRetry,
  InvalidHubAddressError,
  parseHubAddress,
} from '../../weights/hub';
import { UNREACHED } from '../../weights/network-codes';
import type { Tell } from '../../weights/transfer';
import type { Context, Given } from './command';
import { meantOnHub } from './meant-on-hub';
import { UsageError } from './usage-error';

/** A revision of a repository on Hugging Face, as it is now. */
export interface HubModel extends HubAddress {
  readonly hub: Hub;
  /** What the revision was when the command began: of a branch, it holds for the whole command. */
  readonly commit: string;
}

/** Reads `hf://owner/name@revision`. @throws UsageError */
export function hubAddress(text: string): HubAddress {
  try {
    return parseHubAddress(text);
  } catch (error) {
    if (!(error instanceof InvalidHubAddressError)) throw error;
    throw new UsageError(problem(text, error), { cause: error });
  }
}

function problem(text: string, { message }: InvalidHubAddressError): string {
  if (/^hf:\/\/[^/@]*(@|$)/.test(text)) {
    return `'${text}' names no model repository: it takes an owner and a name, as in hf://openai/gpt-oss-20b`;
  }
  const meant = meantOnHub(text);
  // the repository is right, so it is the revision that is not
  if (meant === undefined || text.startsWith(meant)) return message;
  return `'${text}' names no model repository; write ${meant}`;
}

/** @throws UsageError when one of these flags was given, which say something about S3 */
export function refuseForHub<Option extends string>(
  address: string,
  { option }: Given<never, Option>,
  names: readonly Option[],
): void {
  const given = names.find((name) => option(name) !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} is for S3, and '${address}' is on Hugging Face`);
}

/**
 * Asks the Hub for the commit. An address where nobody is reached is not asked again, as a function in the cloud does:
 * somebody waits here who can mend it.
 *
 * @throws HubError
 */
export async function hubModel(
  address: HubAddress,
  { out: { signal }, outside }: Pick<Context, 'out' | 'outside'>,
  onEvent: Tell,
): Promise<HubModel> {
  const { repository, revision } = address;
  const hub = await outside.hub();
  const { commit } = await hubRetry({}, onEvent)(signal, () =>
    hub.resolve(repository, revision, signal).catch((error: unknown) => {
      throw isUnreached(error) ? new HubError('refused', error.message, { cause: error }) : error;
    }),
  );
  return { hub, repository, revision, commit };
}

function isUnreached(error: unknown): error is HubError {
  return error instanceof HubError && UNREACHED.includes(errorCode(error.cause));
}
