import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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
 * Uploads with a process that is killed with signal 9 after a random time, again and again; then once without.
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
      if (await killedAfter(Math.random() * 250, ground.s3.url, ground.folder)) killed++;
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

async function killedAfter(ms: number, endpoint: string, folder: string): Promise<boolean> {
  const program = [join(__dirname, 'killed-upload.ts'), endpoint, folder, ...Object.keys(FILES)];
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  await Promise.race([once(child.stdout, 'data'), ended]);
  await Promise.race([sleep(ms), ended]);
  child.kill('SIGKILL');
  await ended;
  if (child.signalCode !== 'SIGKILL' && child.exitCode !== 0) throw new Error(`the upload failed: ${words}`);
  return child.signalCode === 'SIGKILL';
}
