export { nameProblem } from './file-name';
export { contentHash, type Lock, lockOf, type LockedFile, type LockSource, prefixOfHash, totalBytes } from './lock';
export { InvalidLockError, isMeantAsLock, lockText, MAX_LOCK_BYTES, parseLock } from './lock-text';
export { type Receipt, receiptText, receivedEtags } from './receipt';
