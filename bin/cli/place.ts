import { stat } from 'node:fs/promises';
import { localFolder } from '../../weights/local-folder';
import type { ModelFolder } from '../../weights/model-folder';
import { isS3, s3Address } from './s3-address';
import type { Aws, Outside } from './outside';
import { UsageError } from './usage-error';

/** The folder of model files that an operand names. @throws UsageError when it names none */
export async function modelFolder(operand: string, aws: Aws, outside: Outside): Promise<ModelFolder> {
  if (isS3(operand)) return outside.s3Folder(s3Address(operand), aws);
  return localFolder(await localPath(operand));
}

/** @throws UsageError unless it is a folder on this machine */
export async function localPath(operand: string): Promise<string> {
  if (isS3(operand)) {
    throw new UsageError(`'${operand}' lies in S3; this command takes a folder on this machine: download it first`);
  }
  const [, scheme] = /^([a-z0-9]+):\/\//i.exec(operand) ?? [];
  if (scheme !== undefined) throw new UsageError(`'${operand}' is not an address that this command knows`);
  const found = await stat(operand).catch(() => undefined);
  if (!found) throw new UsageError(`there is no folder '${operand}'`);
  if (!found.isDirectory()) throw new UsageError(`'${operand}' is not a folder; name the one that config.json lies in`);
  return operand;
}
