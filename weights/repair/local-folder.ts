import { constants } from 'node:fs';
import { copyFile, link, open, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../error-code';
import { placeOf, READ } from '../links/local-folder';
import { nameProblem } from '../lock/file-name';
import { printable } from '../printable';
import { writeAll } from '../write-all';
import type { HeaderRepair, Repair } from './repair';

/** Of a copy's data in memory. */
const CHUNK = 8 * 1024 * 1024;

/**
 * Applies repairs to the folder at a path, as it was when they were planned. Each file is written beside its place and
 * then put there at once, and the old one stays as `<name>.orig` (the next free `.orig` where there is one already). A
 * shard is copied for that, so that the disk needs room for it once more.
 *
 * @throws before anything is written, when a repair names a file that may lie outside of the folder
 * @throws when a file cannot be written; the files before it are repaired then, and it and those after it untouched
 */
export async function applyRepairs(path: string, repairs: readonly Repair[]): Promise<void> {
  for (const { file } of repairs) {
    const problem = nameProblem(file);
    if (problem) throw new Error(`the file ${printable(file)} cannot be repaired: ${problem}`);
  }
  for (const repair of repairs) await apply(path, repair);
}

async function apply(path: string, repair: Repair): Promise<void> {
  const file = join(await placeOf(path, dirname(repair.file)), basename(repair.file));
  if (repair.kind === 'leave-out') {
    await keepOriginal(file);
    return unlink(file);
  }
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    if (repair.kind === 'text') await written(temporary, (target) => target.writeFile(repair.after));
    else await writeShard(await placeOf(path, repair.file), temporary, repair);
    if (repair.kind === 'header' || repair.before !== undefined) await keepOriginal(file);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A second name for the same file, so that there is no moment without one. */
async function keepOriginal(file: string): Promise<void> {
  for (let number = 1; ; number++) {
    try {
      await link(file, number === 1 ? `${file}.orig` : `${file}.${number}.orig`);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function written(file: string, write: (target: FileHandle) => Promise<unknown>, flags = 'wx'): Promise<void> {
  const target = await open(file, flags);
  try {
    await write(target);
    await target.sync();
  } finally {
    await target.close();
  }
}

/** @param file where the shard really lies */
async function writeShard(file: string, temporary: string, repair: HeaderRepair): Promise<void> {
  const { start, replaced } = repair;
  if (start.length === replaced) {
    // costs nothing where the file system can share blocks between files
    await copyFile(file, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await written(temporary, (target) => writeAll(target, start, 0), 'r+');
    return;
  }
  const source = await open(file, READ);
  try {
    await written(temporary, async (target) => {
      await target.writeFile(start);
      await copyRest(source, replaced, target, start.length);
    });
  } finally {
    await source.close();
  }
}

async function copyRest(source: FileHandle, from: number, target: FileHandle, to: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; ;) {
    const { bytesRead } = await source.read(buffer, 0, CHUNK, from + at);
    if (bytesRead === 0) return;
    await writeAll(target, buffer.subarray(0, bytesRead), to + at);
    at += bytesRead;
  }
}
