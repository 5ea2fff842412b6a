import type { IncomingHttpHeaders } from 'node:http';
import { HubError } from './errors';
import type { Repository } from './repositories';

/** The accounts, as their tokens: any other token is one that the Hub has never given. */
export type Tokens = ReadonlySet<string>;

export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
}

/**
 * Lets in, or refuses as huggingface.co does. What is gated can be listed by anybody: only its files are kept back.
 * Sources: huggingface_hub's utils/_http.py ("401 is misleading as it is returned for private and gated repos if user is
 * not authenticated, missing repos"); the two texts about gated models as reported in rendeirolab/LazySlide#52 (401) and
 * ariG23498/gemma3-object-detection#5 (403). A repository that is not there has no `X-Error-Code` for the anonymous.
 *
 * @throws HubError
 */
export function admit(
  id: string,
  found: Repository | undefined,
  token: string | undefined,
  tokens: Tokens,
  wants: 'listing' | 'files',
): Repository {
  if (token !== undefined && !tokens.has(token)) {
    throw unauthorized(undefined, 'Invalid credentials in Authorization header');
  }
  const mayRead = found !== undefined && token !== undefined && found.readers.includes(token);
  if (!found || (found.private && !mayRead)) {
    if (token === undefined) throw unauthorized(undefined, 'Invalid username or password.');
    throw new HubError(404, 'RepoNotFound', 'Repository not found');
  }
  if (wants === 'files' && found.gated !== false && !mayRead) {
    const restricted = `Access to model ${id} is restricted`;
    if (token === undefined) {
      throw unauthorized(
        'GatedRepo',
        `${restricted}. You must have access to it and be authenticated to access it. Please log in.`,
      );
    }
    const ask = `and you are not in the authorized list. Visit https://huggingface.co/${id} to ask for access.`;
    throw new HubError(403, 'GatedRepo', `${restricted} ${ask}`);
  }
  return found;
}

function unauthorized(code: 'GatedRepo' | undefined, message: string): HubError {
  return new HubError(401, code, message, {
    'www-authenticate': 'Bearer realm="Authentication required", charset="UTF-8"',
  });
}
