/** Node's names for not reaching a server at all: a wrong address, a network without a way out, a server that is down. */
export const UNREACHED: readonly string[] = [
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** And for connections that failed in any way and may not fail again; others, such as a wrong certificate, would. */
export const CUT: readonly string[] = [
  ...UNREACHED,
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
];
