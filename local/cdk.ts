import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { onGround, type Ground } from './ground';
import { spawnGuarded } from './guarded';
import { localFolder, packageRoot } from './paths';
import { findPython } from './python';

export interface CdkOptions {
  /** TypeScript file of the app. @default - the one that cdk.json names */
  readonly app?: string;
  readonly context?: Readonly<Record<string, string>>;
  /** Further environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the command runs. @default - this package's folder, with its cdk.json */
  readonly workingFolder?: string;
}

export interface CdkResult {
  readonly exitCode: number;
  /** Everything that the terminal would show, in order. */
  readonly output: string;
}

/** A `cdk` command that runs. */
export interface CdkRun {
  readonly ended: Promise<CdkResult>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Runs the unmodified CDK command line on a ground, in this package's folder, with a cloud assembly of its own. */
export async function startCdk(ground: Ground, args: readonly string[], options: CdkOptions = {}): Promise<CdkRun> {
  mkdirSync(localFolder('run'), { recursive: true });
  const folder = mkdtempSync(localFolder('run', 'cdk-'));
  const root = packageRoot();
  const flags = [
    ...['--output', folder, '--no-color'],
    ...(options.app === undefined ? [] : ['--app', `tsx ${options.app}`]),
    ...Object.entries(options.context ?? {}).flatMap(([name, value]) => ['--context', `${name}=${value}`]),
  ];
  const run = spawnGuarded([process.execPath, require.resolve('aws-cdk/bin/cdk'), ...args, ...flags], {
    python: await findPython(),
    folder,
    environment: { ...onGround(ground), PATH: programs(root), ...options.environment },
    workingFolder: options.workingFolder ?? root,
    output: 'pipe',
  });
  let output = '';
  for (const stream of [run.process.stdout, run.process.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = run.ended.then((exitCode) => {
    rmSync(folder, { recursive: true, force: true });
    return { exitCode, output };
  });
  const interrupt = () => {
    run.interrupt();
  };
  return { ended, interrupt };
}

/** As `npx` would have it: the package's own programs first, and the Node that runs us. */
function programs(root: string): string {
  return [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
}

/** Runs a `cdk` command to its end. */
export async function cdk(ground: Ground, args: readonly string[], options: CdkOptions = {}): Promise<CdkResult> {
  return (await startCdk(ground, args, options)).ended;
}

/** Prepares the ground's account for deployments, once. */
export async function bootstrap(ground: Ground): Promise<CdkResult> {
  // Away from cdk.json: with an app in sight the command would run it first, for nothing.
  const workingFolder = localFolder('run');
  return cdk(ground, ['bootstrap', `aws://${ground.account}/${ground.region}`], { workingFolder });
}
