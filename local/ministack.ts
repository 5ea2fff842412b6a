import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGuarded } from './guarded';
import { ensureVenv } from './python';

/** The emulator's version is part of what the tests prove: it is pinned exactly. */
const MINISTACK = 'ministack==1.5.33';

const START_SECONDS = 60;

/** One running MiniStack: every AWS service that we need, but Bedrock's imports. */
export interface MiniStack {
  /** `http://127.0.0.1:<port>`, the endpoint of every service. */
  readonly url: string;
  /** Settles when the server has ended, asked to or not. */
  readonly ended: Promise<unknown>;
  /** Ends the server and its Lambda workers, and removes its folder. */
  stop(): Promise<void>;
}

export interface MiniStackOptions {
  /** A free port on 127.0.0.1. */
  readonly port: number;
  /** The server's own folder: logs, temporary and data files. The guardian removes it at the end. */
  readonly folder: string;
  /** Further environment variables. MiniStack hands its environment on to every Lambda function. */
  readonly environment: Readonly<Record<string, string>>;
  /** What Step Functions multiplies waits and retry intervals by: 0.02 turns a minute into about a second. */
  readonly waitScale: number;
}

/** Another server took the port between choosing and using it. */
export class PortTakenError extends Error {}

/**
 * Starts MiniStack, installing it into `.local-aws/ministack` on first use, and waits until it is healthy.
 *
 * @throws PortTakenError to be tried again with another port; any other error with the end of the server's log
 */
export async function startMiniStack(options: MiniStackOptions): Promise<MiniStack> {
  const bin = await ensureVenv('ministack', [MINISTACK]);
  const temporary = join(options.folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const logFile = join(options.folder, 'ministack.log');
  const log = openSync(logFile, 'a');
  const server = spawnGuarded([join(bin, 'ministack')], {
    python: join(bin, 'python'),
    folder: options.folder,
    environment: serverEnvironment(options, temporary),
    workingFolder: options.folder,
    output: log,
  });
  closeSync(log);
  const stop = async () => {
    await server.end();
    rmSync(options.folder, { recursive: true, force: true });
  };

  const url = `http://127.0.0.1:${options.port}`;
  const ownPort = join(temporary, `ministack-${options.port}.pid`);
  const deadline = Date.now() + START_SECONDS * 1000;
  // The port may answer because of another server: ours writes this file once it has found the port free.
  while (!existsSync(ownPort) || !(await isHealthy(url))) {
    if (server.running() && Date.now() < deadline) {
      await sleep(20);
      continue;
    }
    const what = server.running() ? `was not healthy after ${START_SECONDS} s` : 'ended while starting';
    const words = readFileSync(logFile, 'utf8').trim().slice(-2000);
    await stop();
    if (words.includes('already in use')) throw new PortTakenError(words);
    throw new Error(`MiniStack ${what}; its log: ${words}`);
  }
  return { url, ended: server.ended, stop };
}

/**
 * Only what the server needs: it hands its environment on to the Lambda functions, and neither the user's own keys nor
 * their settings have any business there.
 */
function serverEnvironment(options: MiniStackOptions, temporary: string): Record<string, string> {
  return {
    ...options.environment,
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter), // functions run on the same Node as we
    HOME: options.folder,
    TMPDIR: temporary, // below our node_modules: the CDK's own handlers find the SDK that Lambda would give them
    STATE_DIR: join(options.folder, 'state'),
    S3_DATA_DIR: join(options.folder, 's3'),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: options.port.toString(),
    SFN_WAIT_SCALE: options.waitScale.toString(),
    IOT_MTLS_ENABLED: '0', // would open a port of its own
    SFTP_ENABLED: '0', // likewise
  };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false; // not listening yet
  }
}
