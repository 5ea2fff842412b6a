import type { IncomingHttpHeaders } from 'node:http';
import { operations, type OperationName } from './operations';
import { isRecord } from './shapes';

export interface Request {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Route {
  readonly operation: OperationName;
  /** Members as the request carries them, in path, query, body and header; not validated. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Finds the operation that a request is for; undefined when there is none. An ARN in the path may have its colons and
 * slash percent-encoded or bare, as different clients send it.
 */
export function route({ method, url, headers, body }: Request): Route | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const path = decode(pathname);
  for (const [name, { method: wanted, path: template }] of entries()) {
    const identifier = method === wanted ? matchPath(template, path) : undefined;
    if (!identifier) continue;
    if (name === 'InvokeModel' || name === 'InvokeModelWithResponseStream') {
      return { operation: name, input: { ...inHeaders(headers), ...identifier, body } };
    }
    return { operation: name, input: { ...parseObject(body), ...parseQuery(searchParams), ...identifier } };
  }
  return undefined;
}

/** Members of an invocation that are headers; the body is the model's. */
const headerMembers = {
  contentType: 'content-type',
  guardrailIdentifier: 'x-amzn-bedrock-guardrailidentifier',
  guardrailVersion: 'x-amzn-bedrock-guardrailversion',
  trace: 'x-amzn-bedrock-trace',
  serviceTier: 'x-amzn-bedrock-service-tier',
} as const;

function inHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(headerMembers).map(([member, header]) => [member, headers[header]]));
}

function entries(): [OperationName, (typeof operations)[OperationName]][] {
  return Object.entries(operations) as [OperationName, (typeof operations)[OperationName]][];
}

/** The template's one name with what stands in its place, or nothing when the path is another one. */
function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [before = '', name, after = ''] = template.split(/[{}]/);
  if (name === undefined) return path === template ? {} : undefined;
  const fits = path.length > before.length + after.length && path.startsWith(before) && path.endsWith(after);
  return fits ? { [name]: path.slice(before.length, path.length - after.length) } : undefined;
}

function parseQuery(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, name === 'maxResults' && /^-?\d+$/.test(value) ? Number(value) : value]),
  );
}

/** An unreadable body has no members, so that what is required is reported missing. */
function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
