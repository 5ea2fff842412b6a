export { check, report, type Amount, type Report, type Summary } from './check/check';
export type { Format } from './check/model-findings';
export { CODES, type Code } from './codes';
export type { Finding } from './finding';
export {
  downloadHub,
  type Hub,
  type HubAddress,
  hubAddressText,
  type HubBody,
  type HubDownloadOptions,
  type HubDownloadResult,
  HubError,
  type HubFile,
  hubFolder,
  type HubFolderOptions,
  type HubProblem,
  type HubRange,
  hubRetry,
  type HubRetry,
  InvalidHubAddressError,
  isCommit,
  isHubAddress,
  parseHubAddress,
} from './hub';
export { HubOptionError } from './hub/endpoint';
export { hub, type HubOptions, type ResolvedAddress } from './hub/hugging-face';
export { localFolder } from './local-folder';
export { MAX_FILES, Unreadable, type ModelFile, type ModelFolder } from './model-folder';
export { printable } from './printable';
export { diff } from './repair/diff';
export { applyRepairs } from './repair/local-folder';
export { patchesOf } from './repair/patches';
export { planRepair } from './repair/plan';
export type { HeaderRepair, LeaveOut, Repair, TextRepair } from './repair/repair';
export { repaired } from './repair/repaired';
export { s3Folder } from './s3';
export { select, type LeftOut, type Selection } from './selection';
export {
  InvalidLockError,
  type Lock,
  type LockedFile,
  lockOf,
  type LockSource,
  lockText,
  parseLock,
  prefixOfHash,
} from './lock';
export {
  type Backoff,
  copy,
  type CopyOptions,
  download,
  type DownloadOptions,
  type DownloadResult,
  type Failure,
  FileChangedError,
  FileInTheWayError,
  type FileState,
  type OpenFile,
  type PartFile,
  type Patch,
  patched,
  PrefixTakenError,
  type PublishResult,
  type Source,
  type Store,
  StoreError,
  type Target,
  type Tell,
  type TransferEvent,
  type TransferOptions,
  upload,
  type UploadOptions,
  verify,
  type VerifyOptions,
  type VerifyResult,
  WholeBucketError,
} from './transfer';
export { localSource, localTarget } from './transfer/local-folder';
export { s3Store, type S3StoreOptions } from './transfer/s3';
