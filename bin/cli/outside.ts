import type { BedrockFetchOptions } from '../../chat';
import type { Hub } from '../../weights/hub';
import type { ModelFolder } from '../../weights/model-folder';
import type { Store } from '../../weights/transfer/store';
import type { Account } from './account';
import { endpointsOf, OF_ACCOUNT, requireEndpoints } from './aws-endpoints';
import type { Keyboard } from './chat/keyboard';
import type { Models } from './chat/models';
import type { S3Address } from './s3-address';
import type { Stacks } from './stacks';

/** Who calls AWS, and where; what is not said is what the SDK finds in the environment. */
export interface Aws {
  readonly profile?: string;
  readonly region?: string;
}

export interface StoreChoice extends Aws {
  readonly kmsKey?: string;
  /** Account that must own the bucket. */
  readonly owner?: string;
}

/** All that commands reach over the network, and who sits at the keyboard. */
export interface Outside {
  s3Folder(address: S3Address, aws: Aws): Promise<ModelFolder>;
  store(bucket: string, choice: StoreChoice): Promise<Store>;
  /** Hugging Face's Hub, or the one that the environment names. */
  hub(): Promise<Hub>;
  stacks(aws: Aws): Promise<Stacks>;
  account(aws: Aws): Promise<Account>;
  /** Models by the names that people have for them. */
  models(aws: Aws): Promise<Models>;
  /** OpenAI's API over Bedrock's runtime. */
  openAi(options: BedrockFetchOptions, profile: string | undefined): Promise<typeof fetch>;
  keyboard(): Promise<Keyboard>;
}

/**
 * The real one. Each SDK is loaded when it is needed: together they take longer to load than all else takes to run. All
 * calls fail with a `UsageError` where the environment names no usable server in the place of AWS's, or of the Hub's.
 */
export function outside(env: Readonly<Record<string, string | undefined>>): Outside {
  // servers that are not AWS rarely have a host name for each bucket
  const forcePathStyle = endpointsOf(env, ['S3']).size > 0;
  return {
    async s3Folder({ bucket, prefix }, aws) {
      requireEndpoints(env, ['S3']);
      const [{ S3Client }, { s3Folder }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('../../weights/s3.js'),
      ]);
      // ranges of objects have no checksum of their own, whatever some servers send
      const client = new S3Client({ ...aws, forcePathStyle, responseChecksumValidation: 'WHEN_REQUIRED' });
      return s3Folder(client, bucket, prefix);
    },
    async store(bucket, { kmsKey, owner, ...aws }) {
      requireEndpoints(env, ['S3']);
      const { s3Store } = await import('../../weights/transfer/s3.js');
      return s3Store({
        bucket,
        client: { ...aws, forcePathStyle },
        ...(kmsKey !== undefined && { kmsKey }),
        ...(owner !== undefined && { owner }),
      });
    },
    async hub() {
      return (await import('./hugging-face.js')).hubOf(env);
    },
    async stacks(aws) {
      requireEndpoints(env, ['CLOUDFORMATION']);
      return (await import('./cloudformation.js')).cloudFormationStacks(aws);
    },
    async account(aws) {
      requireEndpoints(env, OF_ACCOUNT);
      return (await import('./aws-account.js')).awsAccount(aws);
    },
    async models(aws) {
      requireEndpoints(env, ['BEDROCK', 'CLOUDFORMATION']);
      return (await import('./chat/account-models.js')).accountModels(aws);
    },
    async openAi(options, profile) {
      requireEndpoints(env, ['BEDROCK_RUNTIME']);
      return (await import('./chat/bedrock.js')).openAiOverBedrock(options, profile);
    },
    async keyboard() {
      return (await import('./chat/terminal.js')).keyboard();
    },
  };
}
