import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../../../bin/cli/account';
import type { Lines } from '../../../bin/cli/chat/keyboard';
import type { ExitCode, Out } from '../../../bin/cli/out';
import type { Outside } from '../../../bin/cli/outside';
import { run } from '../../../bin/cli/run';
import type { Stack, Stacks } from '../../../bin/cli/stacks';
import { type MisbehavingS3, startMisbehavingS3 } from '../../../local/misbehaving-s3';
import { s3Folder } from '../../../weights/s3';
import { s3Store } from '../../../weights/transfer/s3';

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Circumstances {
  readonly isTTY?: boolean;
  readonly env?: Out['env'];
  readonly signal?: AbortSignal;
  readonly outside?: Partial<Outside>;
}

/** Somebody who leaves at once. */
const NOTHING_TYPED: Lines = {
  next: () => Promise.resolve(undefined),
  stoppable: (run) => run(new AbortController().signal),
  close: () => undefined,
};

/** Runs a command line; what it may not reach fails. */
export async function ran(argv: readonly string[], circumstances: Circumstances = {}): Promise<Ran> {
  const { isTTY = false, env = {}, signal = new AbortController().signal } = circumstances;
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) => ({ isTTY, columns: 100, write: (text: string) => (said[name] += text) });
  const out: Out = { stdout: stream('stdout'), stderr: stream('stderr'), env, signal };
  const nobody = (what: string) => () => Promise.reject(new Error(`nobody may ask ${what}`));
  const nothing: Outside = {
    s3Folder: nobody('S3 for a folder'),
    store: nobody('S3'),
    hub: nobody('Hugging Face'),
    stacks: nobody('CloudFormation'),
    account: nobody('the account'),
    models: nobody('for models'),
    openAi: nobody('a model'),
    keyboard: () => Promise.resolve({ isTTY: true, text: nobody('stdin'), open: () => NOTHING_TYPED }),
  };
  const code = await run(argv, out, { ...nothing, ...circumstances.outside });
  return { code, ...said };
}

/** A folder that transformers wrote, in a place where it may be changed. */
export function writtenFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  cpSync(join(__dirname, '..', '..', 'weights', 'written', 'folders', name), folder, { recursive: true });
  return folder;
}

export interface S3Ground {
  readonly s3: MisbehavingS3;
  readonly outside: Pick<Outside, 's3Folder' | 'store'>;
  readonly stop: () => Promise<void>;
}

export async function s3Ground(): Promise<S3Ground> {
  const s3 = await startMisbehavingS3({ buckets: ['weights', 'prod'] });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = { endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, credentials };
  return {
    s3,
    outside: {
      s3Folder: ({ bucket, prefix }) =>
        Promise.resolve(
          s3Folder(new S3Client({ ...client, responseChecksumValidation: 'WHEN_REQUIRED' }), bucket, prefix),
        ),
      store: (bucket) => Promise.resolve(s3Store({ bucket, client })),
    },
    stop: () => s3.stop(),
  };
}

export interface FakeStack extends Partial<Stack> {
  readonly template: unknown;
}

export function fakeStacks(
  stacks: Readonly<Record<string, FakeStack>>,
  exports: Readonly<Record<string, string>> = {},
) {
  const fake: Stacks = {
    stack: (name) => {
      const stack = stacks[name];
      const empty = { status: 'CREATE_COMPLETE', parameters: new Map(), resources: new Map() };
      return Promise.resolve(stack && { ...empty, ...stack });
    },
    template: (name) => Promise.resolve(JSON.stringify(stacks[name]?.template)),
    exported: (name) => Promise.resolve(exports[name]),
  };
  return fake;
}

export function fakeAccount(account: Partial<Account>): Account {
  return {
    region: 'us-east-1',
    caller: () => Promise.resolve({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/me' }),
    models: () => Promise.resolve([]),
    runningJobs: () => Promise.resolve([]),
    quota: () => Promise.resolve(undefined),
    denied: () => Promise.resolve([]),
    ...account,
  };
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
