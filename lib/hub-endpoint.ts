import { Token } from 'aws-cdk-lib';

const ENDPOINT = 'https://huggingface.co';

/**
 * A Hub's address as the handlers take it: scheme, host and port. A slash behind it and capitals in the host mean
 * nothing and are dropped; a path, which no call would go to, is refused.
 *
 * @throws when it is no origin
 */
export function hubEndpoint(endpoint: string): string {
  if (Token.isUnresolved(endpoint)) return endpoint;
  const problem = endpointProblem(endpoint);
  if (problem === undefined) return new URL(endpoint).origin;
  throw new Error(`'endpoint' must be an origin such as ${ENDPOINT}, got '${withoutPassword(endpoint)}': ${problem}`);
}

/** The rules are those of `weights/`, which this room doesn't import; a test holds the two alike. */
function endpointProblem(endpoint: string): string | undefined {
  if (endpoint === '') return 'it is empty; leave it out for the public Hub';
  if (/\s/.test(endpoint)) return 'it has a space or a line break in it; take that out';
  if (!/^https?:\/\//i.test(endpoint)) return 'it must begin with https://, or with http:// inside a network';
  if (!URL.canParse(endpoint)) return 'it is no address';
  const { origin, username, password, pathname, search, hash } = new URL(endpoint);
  if (username !== '' || password !== '') return "it has a password in it; give a 'tokenSecret' instead";
  if (pathname + search + hash === '/') return undefined;
  return `it has more than scheme, host and port, and a Hub is asked at the root of its host; if it answers there, write '${origin}'`;
}

/** All before the last '@': an address that is refused may be none, and its password have any character. */
function withoutPassword(endpoint: string): string {
  return endpoint.replace(/^(https?:\/{0,2})?.*@/is, '$1***@');
}
