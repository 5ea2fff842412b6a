import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { localSource } from '../../../weights/transfer/local-folder';
import { upload } from '../../../weights/transfer/upload';
import { LOCK } from '../../../weights/file-names';
import { MODEL, noise, transferGround } from './ground';

/** Enough parts that a kill at any moment finds something to interrupt. */
const FILES = { ...MODEL, 'model-00001-of-00002.safetensors': noise('large', 60_000) };

export interface Kills {
  /** How many runs were killed while they were uploading; the others had ended before. */
  readonly killed: number;
  /** Bytes that the last run found there already, of all. */
  readonly kept: number;
  readonly bytes: number;
}

/**
 * Uploads with a process that is killed with signal 9 at a random moment after its first parts, again and again; then once
 * without.
 *
 * @throws when a lock is there before the end, or what is there in the end is not the model
 */
export async function killAndGoOn(times: number): Promise<Kills> {
  const ground = await transferGround();
  ground.s3.slowMs = 15;
  ground.s3.mischief = () => 'slow';
  ground.write(FILES);
  let killed = 0;
  try {
    const objects = ground.s3.objects('weights');
    for (let time = 0; time < times && !objects.has(`v1/${LOCK}`); time++) {
      const moment = { parts: 1 + Math.floor(Math.random() * 4), ms: Math.random() * 30 };
      if (await killedAt(moment, ground.s3.url, ground.folder)) killed++;
      await ground.s3.idle();
    }
    ground.s3.mischief = undefined;
    const files = Object.keys(FILES);
    await upload({ ...ground.common, source: localSource(ground.folder), files, store: ground.store, prefix: 'v1/' });
    for (const [name, content] of Object.entries(FILES)) {
      if (!objects.get(`v1/${name}`)?.bytes.equals(content)) throw new Error(`${name} is wrong in the end`);
    }
    if (ground.s3.unfinished() > 0) throw new Error('something unfinished was left');
    const parts = ground.events.flatMap((event) => (event.type === 'part' ? [event] : []));
    const sum = (some: typeof parts) => some.reduce((total, { bytes }) => total + bytes, 0);
    return { killed, kept: sum(parts.filter(({ moved }) => !moved)), bytes: sum(parts) };
  } finally {
    await ground.end();
  }
}

/** So many parts have been sent, and so much time has gone since. */
interface Moment {
  readonly parts: number;
  readonly ms: number;
}

async function killedAt({ parts, ms }: Moment, endpoint: string, folder: string): Promise<boolean> {
  const program = [join(__dirname, 'killed-upload.ts'), endpoint, folder, ...Object.keys(FILES)];
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  await Promise.race([sent(child.stdout, parts), ended]);
  await Promise.race([sleep(ms), ended]);
  child.kill('SIGKILL');
  await ended;
  if (child.signalCode !== 'SIGKILL' && child.exitCode !== 0) throw new Error(`the upload failed: ${words}`);
  return child.signalCode === 'SIGKILL';
}

/** Waits for a line for each of so many parts. */
function sent(output: Readable, parts: number): Promise<void> {
  let lines = 0;
  return new Promise((resolve) => {
    output.on('data', (chunk: Buffer) => {
      lines += chunk.toString().split('\n').length - 1;
      if (lines >= parts) resolve();
    });
  });
}
