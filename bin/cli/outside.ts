import type { ModelFolder } from '../../weights/model-folder';
import type { Store } from '../../weights/transfer/store';
import type { Account } from './account';
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

/** All that commands reach over the network. */
export interface Outside {
  s3Folder(address: S3Address, aws: Aws): Promise<ModelFolder>;
  store(bucket: string, choice: StoreChoice): Promise<Store>;
  stacks(aws: Aws): Promise<Stacks>;
  account(aws: Aws): Promise<Account>;
}

/** The real one. Each SDK is loaded when it is needed: together they take longer to load than all else takes to run. */
export function outside(env: Readonly<Record<string, string | undefined>>): Outside {
  // servers that are not AWS rarely have a host name for each bucket
  const forcePathStyle = Boolean(env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']);
  return {
    async s3Folder({ bucket, prefix }, aws) {
      const [{ S3Client }, { s3Folder }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('../../weights/s3.js'),
      ]);
      // ranges of objects have no checksum of their own, whatever some servers send
      const client = new S3Client({ ...aws, forcePathStyle, responseChecksumValidation: 'WHEN_REQUIRED' });
      return s3Folder(client, bucket, prefix);
    },
    async store(bucket, { kmsKey, owner, ...aws }) {
      const { s3Store } = await import('../../weights/transfer/s3.js');
      return s3Store({
        bucket,
        client: { ...aws, forcePathStyle },
        ...(kmsKey !== undefined && { kmsKey }),
        ...(owner !== undefined && { owner }),
      });
    },
    async stacks(aws) {
      return (await import('./cloudformation.js')).cloudFormationStacks(aws);
    },
    async account(aws) {
      return (await import('./aws-account.js')).awsAccount(aws);
    },
  };
}
