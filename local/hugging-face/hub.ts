import { admit, type Tokens } from './access';
import { type Answer, json, redirect } from './answers';
import type { Cdn } from './cdn';
import { resized } from './contents';
import { HubError } from './errors';
import type { Fault } from './faults';
import { info, tree } from './listing';
import type { Repository } from './repositories';
import { direct, find, type Found, toCache, toCdn } from './resolve';
import type { Route } from './routes';

/** All that the Hub's answers depend on. */
export interface HubState {
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly renamed: ReadonlyMap<string, string>;
  readonly datasets: ReadonlySet<string>;
  readonly tokens: Tokens;
  readonly cdn: Cdn;
  readonly pageSize: number;
  readonly smallFiles: 'redirected' | 'direct';
  /** The Hub's origin, once it is known. */
  readonly origin: () => string;
}

export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly token: string | undefined;
  readonly range: string | undefined;
}

/** Does what the request asks, and answers as the Hub does. @throws HubError */
export async function answerHub(
  state: HubState,
  route: Route | undefined,
  request: Request,
  fault?: Fault,
): Promise<Answer> {
  if (!route) throw new HubError(400, undefined, 'Failed to decode the address');
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new HubError(405, undefined, 'Method Not Allowed');
  const id = route.repository;
  if (route.kind === 'other' || id === undefined) throw new HubError(404, undefined, 'Not Found');
  const now = state.renamed.get(id);
  if (now !== undefined) return redirect(307, request.url.replace(id, now));
  if (route.kind === 'dataset' && state.datasets.has(id)) return json(200, { id, private: false, gated: false });
  const wants = route.kind === 'resolve' || route.kind === 'cached' ? 'files' : 'listing';
  const known = route.kind === 'dataset' ? undefined : state.repositories.get(id);
  const repository = admit(id, known, request.token, state.tokens, wants);
  const snapshot = await repository.at(route.revision);
  if (route.kind === 'info') return info(repository, snapshot, route);
  if (route.kind === 'tree') return tree(repository, snapshot, route, state.pageSize, state.origin());
  return answerFile(state, find(repository, snapshot, route), route, request, fault);
}

function answerFile(state: HubState, found: Found, route: Route, request: Request, fault?: Fault): Answer {
  const asStruck = struck(found, fault);
  const { lfs } = asStruck.file;
  if (lfs) return toCdn(asStruck, lfs, state.cdn, fault?.kind === 'stale-redirect');
  if (route.kind === 'resolve' && state.smallFiles === 'redirected') return toCache(asStruck, request.url);
  return direct(asStruck, fault?.kind === 'whole' ? undefined : request.range);
}

/** The file as a fault wants it. */
export function struck(found: Found, fault: Fault | undefined): Found {
  if (fault?.kind !== 'resized') return found;
  return { ...found, file: { ...found.file, content: resized(found.file.content, fault.size) } };
}
