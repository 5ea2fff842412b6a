import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBedrockServer, type BedrockServer } from './bedrock/server';
import { upstreamAuthor, type UpstreamOptions } from './bedrock/runtime/upstream';
import type { Switches } from './bedrock/switches';
import { PortTakenError, startMiniStack, type MiniStack } from './ministack';
import { localFolder } from './paths';
import { freePort } from './free-port';

/** The one account and Region of a ground. GPT-OSS can be imported in no other Region. */
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** Tries to start on another port before giving up. */
const PORT_TRIES = 5;

export interface GroundOptions {
  /**
   * What Step Functions multiplies its waits by: the custom resource asks every 15 s times this number.
   * @default 0.02 - a poll about every third of a second
   */
  readonly waitScale?: number;
  /** Unconfirmed points of Bedrock's behaviour, by name. @default - the likelier reading of each */
  readonly switches?: Partial<Switches>;
  /** An OpenAI-compatible server whose model answers in place of the emulator. @default - the emulator answers by itself */
  readonly upstream?: UpstreamOptions;
}

/** An AWS on this machine. Several run side by side; nothing of one is seen in another. */
export interface Ground {
  readonly account: string;
  readonly region: string;
  /** What makes `aws`, `cdk` and every SDK talk to this ground: endpoints, keys, Region, the CDK's own cache. */
  readonly environment: Readonly<Record<string, string>>;
  /** The Bedrock emulator, with its inspection and its faults. */
  readonly bedrock: BedrockServer;
  /** Settles when the ground has ended, asked to or not. */
  readonly ended: Promise<unknown>;
  /** Ends all of the ground's processes and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts MiniStack and the Bedrock emulator on free loopback ports. Everything ends with this process, however it ends.
 *
 * @throws when Python is missing or too old, or a server does not come up; the message says what to do
 */
export async function startGround(options: GroundOptions = {}): Promise<Ground> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      if (!(error instanceof PortTakenError) || tries === PORT_TRIES) throw error;
    }
  }
}

async function startOn(port: number, options: GroundOptions): Promise<Ground> {
  mkdirSync(localFolder('run'), { recursive: true });
  const folder = mkdtempSync(localFolder('run', 'ground-'));
  const bedrock = await startBedrockServer({
    port: 0,
    awsEndpoint: `http://127.0.0.1:${port}`,
    ...(options.switches === undefined ? {} : { switches: options.switches }),
    ...(options.upstream === undefined ? {} : { author: upstreamAuthor(options.upstream) }),
  });
  const environment = awsEnvironment(`http://127.0.0.1:${port}`, bedrock.url, folder);
  let miniStack: MiniStack;
  try {
    miniStack = await startMiniStack({ port, folder, environment, waitScale: options.waitScale ?? 0.02 });
  } catch (error) {
    await bedrock.close();
    throw error;
  }
  const stop = async () => {
    await Promise.all([miniStack.stop(), bedrock.close()]);
  };
  return { account: ACCOUNT, region: REGION, environment, bedrock, ended: miniStack.ended, stop };
}

function awsEnvironment(endpoint: string, bedrock: string, folder: string): Record<string, string> {
  const noFile = join(folder, 'no-aws-config');
  writeFileSync(noFile, '');
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_BEDROCK: bedrock,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION, // the name that AWS CLI v1 and boto3 read
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: noFile, // a profile of the user's could name another endpoint or account
    AWS_SHARED_CREDENTIALS_FILE: noFile,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_HOME: join(folder, 'cdk'), // the CLI caches there which key belongs to which account
    CDK_DISABLE_CLI_TELEMETRY: '1',
    NO_PROXY: '127.0.0.1,localhost',
  };
}

/**
 * This process's environment with the ground's variables in place of every AWS and CDK setting: with `AWS_PROFILE` left
 * in, `cdk` would talk to a real account.
 */
export function onGround(ground: Ground, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return { ...Object.fromEntries(others), ...ground.environment };
}
