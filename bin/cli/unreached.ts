import { errorCode } from '../../weights/error-code';
import { UNREACHED } from '../../weights/network-codes';

/** Whether nobody was reached at all. */
export function isUnreached(error: unknown): boolean {
  return whyUnreached(error) !== undefined;
}

/** Node's name for why nobody was reached at all: the error's own, or that of its cause; undefined where somebody was. */
export function whyUnreached(error: unknown): string | undefined {
  const code = errorCode(error);
  if (UNREACHED.includes(code)) return code;
  return error instanceof Error && error.cause !== undefined ? whyUnreached(error.cause) : undefined;
}
