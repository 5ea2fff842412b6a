import type { Answer, Ask } from './ask';
import { unanswered } from './network-error';

/** The Hub sends a file's reader once to its storage, and once more where the repository was renamed. */
const MAX_REDIRECTS = 5;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export interface Fetching {
  readonly ask: Ask;
  readonly endpoint: URL;
  readonly token: string | undefined;
  /** The Hub is inside a network itself, and so may be its storage. */
  readonly hubIsPrivate: () => Promise<boolean>;
}

/** An answer that is no redirect, and who gave it. */
export interface Followed {
  readonly answer: Answer;
  readonly at: URL;
}

/**
 * Asks the Hub, and goes where it sends us. The token goes to the Hub's own origin alone, and no more once an answer has
 * led away from it; a public Hub leads to no address inside a network.
 *
 * @throws Error with a clause when it leads nowhere, in a circle, or where it must not
 */
export async function follow(
  { ask, endpoint, token, hubIsPrivate }: Fetching,
  from: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Followed> {
  const seen = new Set<string>();
  let atHome = from.origin === endpoint.origin;
  for (let at = from; ;) {
    seen.add(at.href);
    const withToken = atHome && token !== undefined ? { ...headers, authorization: `Bearer ${token}` } : headers;
    const publicOnly = !atHome && !(await hubIsPrivate());
    const asked = at;
    const answer = await ask({ url: asked, headers: withToken, publicOnly, signal }).catch((error: unknown) => {
      throw unanswered(error, asked, endpoint);
    });
    if (!REDIRECTS.includes(answer.status)) return { answer, at };
    answer.close();
    at = target(answer, at);
    if (seen.has(at.href)) throw new Error('the Hub redirects in a circle');
    if (seen.size > MAX_REDIRECTS) throw new Error(`the Hub redirects more than ${MAX_REDIRECTS} times`);
    atHome &&= at.origin === endpoint.origin;
  }
}

/** Messages name origins only: the rest of such an address may be a signature that opens the file. */
function target({ headers: { location = '' } }: Answer, at: URL): URL {
  if (location === '' || !URL.canParse(location, at.href)) throw new Error('the Hub redirects to no address');
  const next = new URL(location, at);
  if (next.protocol !== 'https:' && next.protocol !== at.protocol) {
    throw new Error(`the Hub redirects from ${at.protocol}// to ${next.protocol}//`);
  }
  if (next.username !== '' || next.password !== '') {
    throw new Error('the Hub redirects to an address with a password in it');
  }
  next.hash = '';
  return next;
}
