export { check, report, type Amount, type Report, type Summary } from './check/check';
export { CODES, type Code } from './codes';
export type { Finding } from './finding';
export { localFolder } from './local-folder';
export { Unreadable, type ModelFile, type ModelFolder } from './model-folder';
export { printable } from './printable';
export { s3Folder } from './s3';
export { select, type LeftOut, type Selection } from './selection';
