export { type HubAddress, hubAddressText, InvalidHubAddressError, isHubAddress, parseHubAddress } from './address';
export { downloadHub, type HubDownloadOptions, type HubDownloadResult } from './download';
export { gitBlobSha1 } from './git-blob';
export type { Hub, HubBody, HubFile, HubRange } from './hub';
export { HubError, type HubProblem } from './hub-error';
export { hubFolder, type HubFolderOptions } from './hub-folder';
export { type Proof, proofOf } from './proof';
export { isCommit, repositoryProblem, revisionProblem } from './repository';
export { hubRetry, type HubRetry, patience, type Patience } from './retry';
