import {
  type Hub,
  type HubAddress,
  HubError,
  hubRetry,
  InvalidHubAddressError,
  parseHubAddress,
} from '../../weights/hub';
import type { Tell } from '../../weights/transfer';
import type { Context, Given } from './command';
import { meantOnHub } from './meant-on-hub';
import { whyUnreached } from './unreached';
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

/** Of a name server that did not answer in time: it may be asked again. */
const PASSING = 'EAI_AGAIN';

/**
 * Asks the Hub for the commit. Where nobody is reached it asks once: a function in the cloud waits for the network to come
 * back, but here somebody waits, who can mend the address.
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
  const { commit } = await hubRetry({}, onEvent)(signal, async () => {
    try {
      return await hub.resolve(repository, revision, signal);
    } catch (error) {
      const why = whyUnreached(error);
      if (!(error instanceof HubError) || why === undefined || why === PASSING) throw error;
      throw new HubError('refused', error.message, { cause: error });
    }
  });
  return { hub, repository, revision, commit };
}
