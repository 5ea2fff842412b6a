import { cpus } from 'node:os';
import type { Client } from './clients';
import { measure, type Measured, type Measuring } from './measure';
import type { Server } from './server';
import { type Figure, figure } from './statistics';

interface Uploaded extends Measured {
  /** CPU seconds. */
  readonly ofServer: number | undefined;
}

/** Of one client. Seconds and bytes. */
export interface UploadFigures {
  readonly name: string;
  readonly title: string;
  readonly wall: Figure;
  readonly cpu: Figure;
  readonly peakBytes: Figure;
  /** What cores take at least for client and server, if both are busy all the time; undefined where it cannot be known. */
  readonly bound?: Figure;
}

export interface UploadOptions {
  readonly folder: string;
  /** Of its shards: what must have arrived. */
  readonly bytes: number;
  readonly runs: number;
}

/**
 * Each client in turn, so many times over, so that what changes on the machine meanwhile meets all of them alike.
 *
 * @throws when a client fails, or leaves other than all bytes at the server
 */
export async function measureUploads(
  clients: readonly Client[],
  server: Server,
  { folder, bytes, runs }: UploadOptions,
  measuring: Measuring,
): Promise<UploadFigures[]> {
  const measured = new Map<string, Uploaded[]>(clients.map(({ name }) => [name, []]));
  for (let round = 1; round <= runs; round++) {
    for (const client of clients) {
      const prefix = 'model/';
      const before = server.cpu();
      const one = await measure(client.command(folder, prefix), measuring);
      const after = server.cpu();
      const arrived = await server.shardBytes(prefix);
      if (arrived !== bytes) throw new Error(`${client.name} sent ${arrived} of ${bytes} bytes`);
      await server.clear(prefix);
      const ofServer = before === undefined || after === undefined ? undefined : after - before;
      measured.get(client.name)?.push({ ...one, ofServer });
      console.error(`${round} ${client.name}: ${one.wall.toFixed(1)} s, ${one.cpu.toFixed(1)} CPU s`);
    }
  }
  return clients.map(({ name, title }) => {
    const all = measured.get(name) ?? [];
    const of = (what: 'wall' | 'cpu' | 'peakBytes') => figure(all.map((one) => one[what]));
    const bounds = all.flatMap(({ cpu, ofServer }) =>
      ofServer === undefined ? [] : [(cpu + ofServer) / cpus().length],
    );
    const bound = bounds.length > 0 ? { bound: figure(bounds) } : {};
    return { name, title, wall: of('wall'), cpu: of('cpu'), peakBytes: of('peakBytes'), ...bound };
  });
}
