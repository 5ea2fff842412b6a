import { errorCode } from '../error-code';
import { CUT, UNREACHED } from '../network-codes';
import { HubError } from './hub-error';

/** What was thrown while a request was made or its answer was read, in our words; `doing` is as in `Asked`. */
export function networkError(error: unknown, doing: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof HubError) return error;
  const code = errorCode(error);
  // HPE_…: what came is not HTTP
  const kind = CUT.includes(code) || code.startsWith('HPE_') ? 'cut' : 'refused';
  return new HubError(kind, `could not ${doing}: ${said(error)}`, { cause: error });
}

/** What was thrown before an answer began: where nobody was reached, it says what to see to, and keeps its code. */
export function unanswered(error: unknown, asked: URL, endpoint: URL): unknown {
  const code = errorCode(error);
  if (!UNREACHED.includes(code)) return error;
  const who = asked.origin === endpoint.origin ? HUB_ASKED : storageAsked(asked);
  return Object.assign(new Error(`${said(error)}; ${who}`, { cause: error }), { code });
}

/** A proxy that the environment names is not used, so "from here" is meant as it is said. */
const HUB_ASKED =
  "see that the Hub's address is right (HF_ENDPOINT, or an app's 'endpoint') and can be reached from here, without a proxy";

/** Of its address no more than the origin: the rest may be a signature that opens the file. */
function storageAsked({ origin }: URL): string {
  return `the Hub sends us on to the storage at ${origin}: see that this, too, can be reached from here, without a proxy`;
}

function said(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : errorCode(error);
}
