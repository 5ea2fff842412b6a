import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/free-port';
import { spawnGuarded } from '../../local/guarded';
import { buildVersityGw } from '../../local/versitygw';
import { makeCertificate } from './certificate';
import { cpuOfServer } from './cpu-of-server';
import type { Measuring } from './measure';

export const BUCKET = 'weights';

const KEYS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local-secret' } as const;

/** One S3 for all clients, over TLS. */
export interface Server {
  readonly endpoint: string;
  /** PEM file of the authority that clients have to trust. */
  readonly authority: string;
  /** Where objects lie: in memory where there is room, so that no client waits for this machine's disk. */
  readonly objectsIn: 'memory' | 'disk';
  /** For clients that take it from the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** CPU seconds that it has taken; undefined where the kernel does not tell (other than Linux). */
  cpu(): number | undefined;
  /** Bytes of the weights that lie below a prefix. */
  shardBytes(prefix: string): Promise<number>;
  /** Removes what lies below a prefix. */
  clear(prefix: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts versitygw. It closes each connection after its answer: kept alive, 1.8.0 misreads the request that follows a
 * body with a checksum behind it, which is how the AWS CLI sends parts. All clients pay for their new connections alike.
 *
 * @param room bytes that the server must be able to hold
 */
export async function startServer(measuring: Measuring, room: number): Promise<Server> {
  const { python, scratch } = measuring;
  const [program, port, { certificate, key }] = [
    await buildVersityGw(),
    await freePort(),
    await makeCertificate(scratch),
  ];
  const objectsIn = hasRoom(MEMORY, room) ? 'memory' : 'disk';
  const home = mkdtempSync(join(objectsIn === 'memory' ? MEMORY : scratch, 'bench-'));
  const bucket = join(home, BUCKET);
  mkdirSync(bucket);
  const [keys, tls] = [
    ['--access', KEYS.AWS_ACCESS_KEY_ID, '--secret', KEYS.AWS_SECRET_ACCESS_KEY],
    ['--cert', certificate, '--key', key],
  ];
  const command = [
    program,
    ...keys,
    ...tls,
    '--port',
    `127.0.0.1:${port}`,
    '--quiet',
    'posix',
    '--data-integrity-etag',
    home,
  ];
  const log = openSync(join(scratch, 'versitygw.log'), 'a');
  const environment = { PATH: process.env['PATH'], HOME: home };
  const server = spawnGuarded(command, { python, folder: home, environment, workingFolder: home, output: log });
  closeSync(log);
  const endpoint = `https://127.0.0.1:${port}`;
  await listening(port);
  return {
    endpoint,
    authority: certificate,
    objectsIn,
    environment: {
      ...KEYS,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    cpu: () => cpuOfServer(server.process.pid),
    async shardBytes(prefix) {
      const names = await readdir(join(bucket, prefix));
      const shards = names.filter((name) => name.endsWith('.safetensors'));
      const sizes = await Promise.all(shards.map(async (name) => (await stat(join(bucket, prefix, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async clear(prefix) {
      await rm(join(bucket, prefix), { recursive: true, force: true });
    },
    async stop() {
      await server.end();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const MEMORY = '/dev/shm';

function hasRoom(folder: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= bytes;
  } catch {
    return false; // there is none on macOS
  }
}

const START_SECONDS = 20;

async function listening(port: number): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`versitygw did not listen after ${START_SECONDS} s`);
    await sleep(50);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
