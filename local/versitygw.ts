import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ClientSettings } from './clients';
import { freePort } from './free-port';
import { type Guarded, spawnGuarded } from './guarded';
import { localFolder } from './paths';
import { findPython } from './python';

const run = promisify(execFile);

/** Figures are compared between runs: it is pinned exactly. */
const VERSION = 'v1.8.0';

const START_SECONDS = 20;

const KEYS = { accessKeyId: 'local', secretAccessKey: 'local-secret' } as const;

export interface VersityGwOptions {
  /** Made as folders before the start. */
  readonly buckets: readonly string[];
  /** Files of a certificate for 127.0.0.1 and its key, both PEM. @default - plain http */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A fast S3 over a local folder, with the checksums of S3. For clients with `forcePathStyle`. */
export interface VersityGw extends ClientSettings {
  /** Below it lie the buckets, as folders of files. */
  readonly folder: string;
  /** Of the server, for who measures it. */
  readonly pid: number | undefined;
  /** Ends the server and removes everything in its buckets. */
  stop(): Promise<void>;
}

/**
 * Starts versitygw on a free loopback port, building it into `.local-aws` on first use, which takes Go and a minute or
 * two. It ends with this process, however that ends.
 *
 * @throws when there is no Go, or the build fails, or the server does not come up; the message says what to do
 */
export async function startVersityGw({ buckets, tls }: VersityGwOptions): Promise<VersityGw> {
  const [program, python, port] = [await buildVersityGw(), await findPython(), await freePort()];
  mkdirSync(localFolder('run'), { recursive: true });
  const home = mkdtempSync(localFolder('run', 'versitygw-'));
  const folder = join(home, 'buckets');
  const metadata = join(home, 'metadata'); // an attribute of a file on ext4 has room for 500 parts only
  mkdirSync(metadata);
  for (const bucket of buckets) mkdirSync(join(folder, bucket), { recursive: true });
  const [logFile, address] = [join(home, 'log'), `127.0.0.1:${port}`];
  const log = openSync(logFile, 'a');
  const certificate = tls ? ['--cert', tls.certificate, '--key', tls.key] : [];
  const keys = ['--access', KEYS.accessKeyId, '--secret', KEYS.secretAccessKey];
  const settings = [...keys, '--port', address, '--quiet', '--keep-alive', ...certificate];
  const server = spawnGuarded([program, ...settings, 'posix', '--data-integrity-etag', '--sidecar', metadata, folder], {
    python,
    folder: home,
    environment: { PATH: process.env['PATH'], HOME: home },
    workingFolder: home,
    output: log,
  });
  closeSync(log);
  const endpoint = `${tls ? 'https' : 'http'}://${address}`;
  await listening(server, port, logFile);
  return {
    endpoint,
    region: 'us-east-1',
    credentials: KEYS,
    folder,
    pid: server.process.pid,
    stop: () => server.end(),
  };
}

/**
 * Builds versitygw from the Go module proxy into `.local-aws/versitygw-<version>`, once.
 *
 * @returns the program's path
 * @throws when there is no Go, or the build fails
 */
export async function buildVersityGw(
  folder = localFolder(`versitygw-${VERSION}`),
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const program = join(folder, 'versitygw');
  if (existsSync(program)) return program;
  mkdirSync(dirname(folder), { recursive: true });
  const making = mkdtempSync(`${folder}-`); // two who build at once both get one: the later rename finds it there
  const module = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
  try {
    await run('go', ['install', module], { env: { ...environment, GOBIN: making } }).catch((cause: unknown) => {
      throw new Error(`could not build versitygw: ${reason(cause)}`, { cause });
    });
    mkdirSync(folder, { recursive: true });
    renameSync(join(making, 'versitygw'), program);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return program;
}

function reason(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause); // of another realm in Jest: no instanceof
  if ('code' in cause && cause.code === 'ENOENT') {
    return "there is no 'go' on the PATH; install Go from https://go.dev/dl/ (Debian and Ubuntu: 'apt-get install golang')";
  }
  return 'stderr' in cause && typeof cause.stderr === 'string'
    ? cause.stderr.trim().slice(-1000)
    : 'no reason was given';
}

/** Waits until the port answers, which it does to whoever connects: what is answered doesn't matter. */
async function listening(server: Guarded, port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await answers(port))) {
    if (server.running() && Date.now() < deadline) {
      await sleep(20);
      continue;
    }
    const words = readFileSync(logFile, 'utf8').trim().slice(-1000);
    const what = server.running() ? `did not listen after ${START_SECONDS} s` : 'ended while starting';
    await server.end();
    throw new Error(`versitygw ${what}; its log: ${words}`);
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
