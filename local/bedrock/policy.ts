import { conditionsHold, type Conditions, type Context } from './conditions';
import { glob } from './glob';
import { isRecord } from './shapes';

type OneOrMany<T> = T | readonly T[];

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany<string>>>;
  readonly Condition?: Conditions;
}

/** An IAM policy as its JSON reads. */
export interface PolicyDocument {
  readonly Statement: OneOrMany<Statement>;
}

/** One use of one permission. */
export interface Access {
  readonly action: string;
  /** Left out for a trust policy, whose resource is the role itself. */
  readonly resource?: string;
  /** For policies that name principals. `service` is a name such as `bedrock.amazonaws.com`, `arn` a role's. */
  readonly principal?: { readonly service?: string; readonly arn?: string };
  readonly context: Context;
}

export type Decision = 'allowed' | 'denied' | 'not mentioned';

/**
 * What a set of policies says together: an explicit Deny wins. Local because MiniStack's SimulatePrincipalPolicy takes
 * no context entries, so it denies everything that a condition on `aws:ResourceAccount` or `s3:prefix` allows.
 */
export function decide(policies: readonly PolicyDocument[], access: Access): Decision {
  const matching = policies
    .flatMap((policy) => many(policy.Statement))
    .filter((statement) => applies(statement, access));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'not mentioned';
}

function applies(statement: Statement, access: Access): boolean {
  return (
    covers(statement.Action, statement.NotAction, access.action.toLowerCase(), (pattern) => pattern.toLowerCase()) &&
    (access.resource === undefined || covers(statement.Resource, statement.NotResource, access.resource)) &&
    namesPrincipal(statement, access) &&
    conditionsHold(statement.Condition, access.context)
  );
}

function covers(
  included: OneOrMany<string> | undefined,
  excluded: OneOrMany<string> | undefined,
  value: string,
  normalise = (pattern: string): string => pattern,
): boolean {
  if (included !== undefined) return many(included).some((pattern) => glob(normalise(pattern), value));
  return excluded !== undefined && !many(excluded).some((pattern) => glob(normalise(pattern), value));
}

function namesPrincipal({ Principal }: Statement, { principal }: Access): boolean {
  if (principal === undefined) return true;
  if (Principal === undefined || Principal === '*') return Principal === '*';
  const services = many(Principal['Service'] ?? []);
  const accounts = many(Principal['AWS'] ?? []);
  const { service, arn } = principal;
  if (service !== undefined) return services.includes(service);
  if (arn === undefined) return false;
  const account = arn.split(':')[4] ?? '';
  return accounts.some((named) => ['*', arn, account, `arn:aws:iam::${account}:root`].includes(named));
}

function many<T>(value: OneOrMany<T>): readonly T[] {
  return isMany(value) ? value : [value];
}

/** `Array.isArray` does not narrow a readonly array. */
function isMany<T>(value: OneOrMany<T>): value is readonly T[] {
  return Array.isArray(value);
}

/** Parses a policy's JSON. Throws an Error that names `what` when it is none. */
export function parsePolicy(text: string, what: string): PolicyDocument {
  const document: unknown = JSON.parse(text);
  if (!isPolicy(document)) throw new Error(`${what} is not an IAM policy: ${text.slice(0, 200)}`);
  return document;
}

function isPolicy(document: unknown): document is PolicyDocument {
  if (!isRecord(document)) return false;
  const statements: unknown = document['Statement'];
  return (Array.isArray(statements) ? statements : [statements]).every(
    (statement: unknown) => isRecord(statement) && (statement['Effect'] === 'Allow' || statement['Effect'] === 'Deny'),
  );
}
