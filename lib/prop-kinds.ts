import { inspect } from 'node:util';

/**
 * What is right for a property or an argument, as it would be written, and a member that every such object or list has;
 * a text needs none.
 */
const KINDS: Readonly<Record<string, readonly [example: string, member?: string]>> = {
  source: ["ModelSource.s3(bucket, 'med/v3/')", 'bind'],
  model: ['GptOss.GPT_OSS_20_B', 'revision'],
  provider: ['GptOssImportProvider.getOrCreate(this)', 'serviceToken'],
  bucket: ["Bucket.fromBucketName(this, 'Weights', 'my-weights')", 'bucketArn'],
  tokenSecret: ["Secret.fromSecretNameV2(this, 'Token', 'hugging-face')", 'secretArn'],
  importRole: ["Role.fromRoleName(this, 'ImportRole', 'my-role')", 'roleArn'],
  modelKey: ["Key.fromKeyArn(this, 'Key', 'arn:…')", 'keyArn'],
  encryptionKey: ["Key.fromKeyArn(this, 'Key', 'arn:…')", 'keyArn'],
  importVpc: ["Vpc.fromLookup(this, 'Vpc', { vpcId: 'vpc-…' })", 'vpcId'],
  copyVpc: ["Vpc.fromLookup(this, 'Vpc', { vpcId: 'vpc-…' })", 'vpcId'],
  timeout: ['Duration.hours(2)', 'toSeconds'],
  copyTimeout: ['Duration.hours(2)', 'toSeconds'],
  options: ['{ bucket }', 'bucket'],
  acceptedFindings: ["['chat-template-missing']", 'map'],
  readerAccounts: ["['111122223333']", 'map'],
  importSecurityGroups: ['[securityGroup]', 'map'],
  copySecurityGroups: ['[securityGroup]', 'map'],
  repository: ["'openai/gpt-oss-20b'"],
  revision: ["'main'"],
  endpoint: ["'https://hub.example.com'"],
  prefix: ["'med/v3/'"],
  readerPrefix: ["'med/'"],
  path: ["'gpt-oss.lock.json'"],
  version: ["'v2'"],
  modelName: ["'med'"],
  modelArn: ["'arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdef012345'"],
};

/**
 * Refuses values of another type, which only plain JavaScript can give: TypeScript and jsii look at types before. Without
 * this they end in a TypeError from deep inside, or in nothing being said.
 *
 * @throws with a value that would be right
 */
export function requireKinds(props: object = {}): void {
  for (const [name, value] of Object.entries(props)) {
    if (value !== undefined) requireKind(name, value);
  }
}

/** The same of what can't be left out. */
export function requireKind(name: string, value: unknown): void {
  const [example, member] = KINDS[name] ?? [];
  if (example === undefined || fits(value, member)) return;
  // a text in the secret's place may be the token
  const given = name === 'tokenSecret' && typeof value === 'string' ? 'a text' : inspect(value, { depth: -1 });
  throw new Error(`'${name}' takes a value such as ${example}, got ${given}`);
}

function fits(value: unknown, member: string | undefined): boolean {
  if (member === undefined) return typeof value === 'string';
  return typeof value === 'object' && value !== null && member in value;
}
