import { RemovalPolicy } from 'aws-cdk-lib';
import { HubRepairs } from './hugging-face-source-options';
import { having, Kind, list, number, oneOf, properties, requireFit, text, whether } from './value-kinds';

const BUCKET = having('bucketArn', "Bucket.fromBucketName(this, 'Weights', 'my-weights')");
const KEY = having('keyArn', "Key.fromKeyArn(this, 'Key', 'arn:…')");
const ROLE = having('roleArn', "Role.fromRoleName(this, 'Role', 'my-role')");
const VPC = having('vpcId', "Vpc.fromLookup(this, 'Vpc', { vpcId: 'vpc-…' })");
const SUBNETS = properties('{ subnetType: SubnetType.PRIVATE_ISOLATED }');
const SECURITY_GROUPS = list('[securityGroup]');
const DURATION = having('toSeconds', 'Duration.hours(2)');

/** The public properties by their names, which mean the same wherever they are; and texts that are arguments. */
const KINDS = {
  source: having('bind', "ModelSource.s3(bucket, 'med/v3/')"),
  provider: having('serviceToken', 'GptOssImportProvider.getOrCreate(this)'),
  bucket: BUCKET,
  serverAccessLogsBucket: BUCKET,
  tokenSecret: having('secretArn', "Secret.fromSecretNameV2(this, 'Token', 'hugging-face')"),
  logGroup: having('logGroupArn', "LogGroup.fromLogGroupName(this, 'Logs', 'imports')"),
  logRetention: number('RetentionDays.ONE_MONTH'),
  importRole: ROLE,
  handlerRole: ROLE,
  frameworkOnEventRole: ROLE,
  frameworkCompleteAndTimeoutRole: ROLE,
  modelKey: KEY,
  encryptionKey: KEY,
  environmentEncryption: KEY,
  importVpc: VPC,
  copyVpc: VPC,
  vpc: VPC,
  importSubnets: SUBNETS,
  copyVpcSubnets: SUBNETS,
  vpcSubnets: SUBNETS,
  importSecurityGroups: SECURITY_GROUPS,
  copySecurityGroups: SECURITY_GROUPS,
  securityGroups: SECURITY_GROUPS,
  timeout: DURATION,
  copyTimeout: DURATION,
  removalPolicy: oneOf(RemovalPolicy, 'RemovalPolicy.RETAIN'),
  repairs: oneOf(HubRepairs, 'HubRepairs.NONE'),
  versioned: whether('true'),
  acceptedFindings: list("['chat-template-missing']"),
  readerAccounts: list("['111122223333']"),
  repository: text("'openai/gpt-oss-20b'"),
  revision: text("'main'"),
  endpoint: text("'https://hub.example.com'"),
  prefix: text("'med/v3/'"),
  readerPrefix: text("'med/'"),
  serverAccessLogsPrefix: text("'access/'"),
  path: text("'gpt-oss.lock.json'"),
  version: text("'v2'"),
  bucketName: text("'my-weights'"),
  modelName: text("'med'"),
  modelArn: text("'arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdef012345'"),
} satisfies Record<string, Kind>;

type Name = keyof typeof KINDS;

/** What properties are called as a whole: those of a construct and those of a function. */
type Whole = 'props' | 'options';

/**
 * The properties without those that are null, which is taken like undefined. Refuses values of another type: TypeScript
 * and jsii look at types before, but plain JavaScript doesn't, nor does TypeScript behind `any` or a cast; and without
 * `strictNullChecks` every one may be null. Unrefused they end in a TypeError from deep inside, or in nothing being said.
 *
 * @param example of the whole, as it would be written
 * @param required those that can't be left out
 * @throws with a value that would be right
 */
export function checkedProps<T extends object>(whole: Whole, given: T, example: string, ...required: Name[]): T {
  requireFit(whole, given, properties(example));
  const props = withoutNulls(given);
  const values = new Map<string, unknown>(Object.entries(props));
  for (const [name, value] of values) {
    if (value !== undefined && isName(name)) requireKind(name, value);
  }
  for (const name of required) requireKind(name, values.get(name));
  return props;
}

/** The same of properties that can be left out as a whole. */
export function checkedOptions<T extends object>(whole: Whole, given: T | null | undefined, example: string) {
  const none: Partial<T> = {};
  return checkedProps<Partial<T>>(whole, given ?? none, example);
}

/** Refuses an argument or a property of another type. */
export function requireKind(name: Name, value: unknown): void {
  requireFit(name, value, KINDS[name]);
}

function isName(name: string): name is Name {
  return Object.hasOwn(KINDS, name);
}

/** The object itself where none is null: it may have properties that a copy would not, such as a class's. */
function withoutNulls<T extends object>(given: T): T {
  const nulls = Object.entries(given).filter(([, value]) => value === null);
  if (nulls.length === 0) return given;
  const kept = { ...given };
  for (const [name] of nulls) Reflect.deleteProperty(kept, name);
  return kept;
}
