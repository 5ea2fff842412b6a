import { HubError } from './hub-error';

/** Node's names for a connection that failed and may not fail again; others, such as a wrong certificate, are refused. */
const CUT: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Of those, what a wrong address gives, a network without a way out, or a Hub that is down. */
const UNREACHED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What was being done: as in `Asked`. */
export interface Doing {
  readonly doing: string;
  /** Of the Hub, to be named where nothing came from it. @default - something came */
  readonly endpoint?: string;
}

/** What was thrown while a request was made or its answer was read, in our words. */
export function networkError(error: unknown, { doing, endpoint }: Doing, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof HubError) return error;
  const code = codeOf(error);
  const said = error instanceof Error && error.message !== '' ? error.message : code;
  // HPE_…: what came is not HTTP
  const kind = CUT.has(code) || code.startsWith('HPE_') ? 'cut' : 'refused';
  const next = endpoint !== undefined && UNREACHED.has(code) ? `; ${unreached(endpoint)}` : '';
  return new HubError(kind, `could not ${doing}: ${said}${next}`, { cause: error });
}

/** A proxy that the environment names is not used, so "from here" is meant as it is said. */
function unreached(endpoint: string): string {
  return `the Hub asked is ${endpoint}: see that the address is right (HF_ENDPOINT, or an app's 'endpoint') and can be reached from here, without a proxy`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
