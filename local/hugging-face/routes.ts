import type { Kind } from './faults';

/** An address as the Hub understands it. */
export interface Route {
  readonly kind: Exclude<Kind, 'cdn'> | 'dataset';
  readonly repository: string | undefined;
  readonly revision: string;
  /** Of a file, or of a folder to list; empty for the root. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Reads an address. A revision is one segment, percent-encoded (`refs%2Fpr%2F1`): huggingface_hub's `hf_hub_url` quotes it
 * with nothing safe. `refs/pr/1` as it stands is understood too, as by the Hub.
 *
 * @returns undefined when something is not properly encoded
 */
export function routeOf(url: string): Route | undefined {
  const { pathname, searchParams: query } = new URL(url, 'http://hub');
  const segments = decoded(pathname.slice(1).split('/'));
  if (!segments) return undefined;
  const [first, type] = segments;
  const route = (kind: Route['kind'], owner = '', name = '', rest: readonly string[] = []): Route => {
    const length = rest[0] === 'refs' ? 3 : 1;
    const [revision, path] = [rest.slice(0, length).join('/'), rest.slice(length).join('/')];
    return { kind, repository: name === '' ? undefined : `${owner}/${name}`, revision, path, query };
  };
  if (first === 'api' && type === 'datasets') return route('dataset', segments[2], segments[3]);
  if (first === 'api' && type === 'resolve-cache') {
    const [, , , owner, name, ...rest] = segments;
    return route('cached', owner, name, rest);
  }
  if (first === 'api' && type === 'models') {
    const [, , owner, name, what, ...rest] = segments;
    if (what === undefined) return route('info', owner, name, ['main']);
    if (what === 'revision') return route('info', owner, name, [rest.join('/')]);
    return route(what === 'tree' ? 'tree' : 'other', owner, name, rest);
  }
  const [owner, name, what, ...rest] = segments;
  return route(what === 'resolve' ? 'resolve' : 'other', owner, name, rest);
}

function decoded(segments: readonly string[]): readonly string[] | undefined {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
