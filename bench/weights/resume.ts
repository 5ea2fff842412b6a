import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Client } from './clients';
import type { Server } from './server';

export interface ResumeFigures {
  /** Parts of all bytes that were sent before the kill, and by the run after it. */
  readonly before: number;
  readonly after: number;
}

const Event = z.object({
  type: z.string(),
  bytes: z.number().catch(0),
  moved: z.union([z.boolean(), z.number()]).catch(false),
});

/** Kills an upload with SIGKILL when half of the bytes are sent, and runs it again. */
export async function measureResume(
  client: Client,
  server: Server,
  { folder, bytes, scratch }: { readonly folder: string; readonly bytes: number; readonly scratch: string },
): Promise<ResumeFigures> {
  const prefix = 'resumed/';
  const { argv, environment } = client.command(folder, prefix);
  const [program = '', ...rest] = argv.map((word) => (word === '--quiet' ? '--json' : word));
  const send = async (until: number): Promise<number> => {
    const env = { PATH: process.env['PATH'], HOME: scratch, ...environment };
    const child = spawn(program, rest, { cwd: scratch, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    let sent = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const event = Event.parse(JSON.parse(line));
      if (event.type === 'part' && event.moved === true) sent += event.bytes;
      if (sent >= until) child.kill('SIGKILL');
    }
    await ended;
    if (child.exitCode !== 0 && child.signalCode !== 'SIGKILL') throw new Error('the upload failed');
    return sent;
  };
  const before = await send(bytes / 2);
  const after = await send(Infinity);
  if ((await server.shardBytes(prefix)) !== bytes) throw new Error('the second run did not complete the upload');
  await server.clear(prefix);
  return { before: before / bytes, after: after / bytes };
}
