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

/** What was thrown while a request was made or its answer was read, in our words. */
export function networkError(error: unknown, doing: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof HubError) return error;
  const code = codeOf(error);
  const said = error instanceof Error && error.message !== '' ? error.message : code;
  // HPE_…: what came is not HTTP
  const kind = CUT.has(code) || code.startsWith('HPE_') ? 'cut' : 'refused';
  return new HubError(kind, `could not ${doing}: ${said}`, { cause: error });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
