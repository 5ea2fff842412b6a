import { errorCode } from '../../weights/error-code';
import { UNREACHED } from '../../weights/network-codes';

/** Whether nobody was reached at all, by Node's name for it: the error's own, or that of its cause. */
export function isUnreached(error: unknown): boolean {
  if (UNREACHED.includes(errorCode(error))) return true;
  return error instanceof Error && error.cause !== undefined && isUnreached(error.cause);
}
