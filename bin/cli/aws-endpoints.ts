import { printable } from '../../weights/printable';
import type { Out } from './out';
import { UsageError } from './usage-error';
import { withoutPassword } from './without-password';

/** What commands call, as the SDK has it in the names of environment variables. */
const SERVICES = ['BEDROCK', 'BEDROCK_RUNTIME', 'CLOUDFORMATION', 'IAM', 'S3', 'SERVICE_QUOTAS', 'STS'] as const;

export type Service = (typeof SERVICES)[number];

/** What is called about an account. */
export const OF_ACCOUNT: readonly Service[] = ['BEDROCK', 'IAM', 'SERVICE_QUOTAS', 'STS'];

/** By their names, the variables that name a server in the place of AWS's, as the SDK reads them: an empty one is none. */
export function endpointsOf(env: Out['env'], services: readonly Service[] = SERVICES): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return found;
  for (const service of services) {
    const name = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].find((each) => env[each]);
    if (name !== undefined) found.set(name, env[name] ?? '');
  }
  return found;
}

/** Of an address without its scheme the SDK says whatever comes of it. @throws UsageError */
export function requireEndpoints(env: Out['env'], services: readonly Service[]): void {
  for (const [name, url] of endpointsOf(env, services)) {
    const problem = endpointProblem(url);
    if (problem) throw new UsageError(`${name}, ${printable(withoutPassword(url))}, cannot be used: ${problem}`);
  }
}

function endpointProblem(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return 'it must begin with http:// or https://';
  return URL.canParse(url) ? undefined : 'it is no address';
}

/** What to see to where no server was reached, in a clause; undefined where it is AWS's own. */
export function whetherRight(env: Out['env'], services?: readonly Service[]): string | undefined {
  const named = [...endpointsOf(env, services)].flatMap(([name, url]) =>
    endpointProblem(url) === undefined ? [`${name}=${new URL(url).origin}`] : [],
  );
  if (named.length === 0) return undefined;
  return `whether ${named.join(' and ')} ${named.length === 1 ? 'is right and answers' : 'are right and answer'}`;
}
