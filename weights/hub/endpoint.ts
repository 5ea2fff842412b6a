const NEEDED = {
  endpoint: "the endpoint of a Hub is an origin such as 'https://huggingface.co'",
  token: 'the token for the Hub is one that a header can carry',
};

/** An option that no Hub can be asked with; the message says why, and has neither a token nor a password in it. */
export class HubOptionError extends Error {
  /** @param problem a clause about the value */
  constructor(
    readonly option: keyof typeof NEEDED,
    readonly problem: string,
  ) {
    super(`${NEEDED[option]}: ${problem}`);
  }
}

/** A Hub's scheme, host and port: a slash behind them and capitals in them mean nothing. @throws HubOptionError */
export function originOf(endpoint: string): URL {
  const problem = endpointProblem(endpoint);
  if (problem === undefined) return new URL(endpoint);
  throw new HubOptionError('endpoint', problem);
}

/** The clauses are those that the construct has for its `endpoint`, but for what a token is there; a test compares them. */
function endpointProblem(endpoint: string): string | undefined {
  if (endpoint === '') return 'it is empty; leave it out for the public Hub';
  if (/\s/.test(endpoint)) return 'it has a space or a line break in it; take that out';
  if (!/^https?:\/\//i.test(endpoint)) return 'it must begin with https://, or with http:// inside a network';
  if (!URL.canParse(endpoint)) return 'it is no address';
  const { origin, username, password, pathname, search, hash } = new URL(endpoint);
  if (username !== '' || password !== '') return 'it has a password in it; give a token instead';
  if (pathname + search + hash === '/') return undefined;
  return `it has more than scheme, host and port, and a Hub is asked at the root of its host; if it answers there, write '${origin}'`;
}

/** Read from a file or a secret, it may have a newline behind it. @throws HubOptionError */
export function tokenOf(token = ''): string | undefined {
  const bare = token.trim();
  if (bare === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(bare)) throw new HubOptionError('token', 'it has characters that no token has');
  return bare;
}
