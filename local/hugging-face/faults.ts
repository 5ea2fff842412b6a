/**
 * What can go wrong with one request. A fault of the body strikes any answer that has one, a listing too; of an answer to
 * HEAD only the headers lie.
 */
export type Fault =
  /** The connection ends after so many bytes of the body; the header announced all of them. */
  | { readonly kind: 'cut'; readonly after: number }
  /** One bit of the body is another: of the byte `at`, counted from the first that is sent, or else of the middle one. */
  | { readonly kind: 'wrong-byte'; readonly at?: number }
  /** 429. `tells` is the header that has the seconds to wait; both have them unless it is given. */
  | { readonly kind: 'rate-limited'; readonly seconds: number; readonly tells?: 'Retry-After' | 'RateLimit' }
  /** A 5xx that says nothing of the Hub's, as a proxy in between answers. */
  | { readonly kind: 'error'; readonly status: 500 | 502 | 503 | 504 }
  /** `resolve` leads to the CDN by an address that has expired already; the CDN itself answers as for such an address. */
  | { readonly kind: 'stale-redirect' }
  /** A redirect that leads to another, and so on without end. No address comes twice. */
  | { readonly kind: 'redirect-loop' }
  /** A redirect to any address, a private one say. */
  | { readonly kind: 'redirect'; readonly to: string }
  /** The body comes at this speed, twenty times a second a bit. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Nothing comes, not even a header; the connection stays. */
  | { readonly kind: 'hang' }
  /** `Content-Length` says so many bytes more (or, below zero, fewer) than come; the connection ends after them. */
  | { readonly kind: 'content-length'; readonly off: number }
  /**
   * The file has another size than the listing says, under the same hash. Let it strike 'resolve' and the CDN alike. For
   * a branch that moves on in between, there is `move`.
   */
  | { readonly kind: 'resized'; readonly size: number }
  /** The range is ignored: 200 with everything. */
  | { readonly kind: 'whole' };

/** What a request is about. `cached` is where the Hub sends those on who ask `resolve` for a small file. */
export type Kind = 'info' | 'tree' | 'resolve' | 'cached' | 'cdn' | 'other';

/** Of a request, before it is answered. */
export interface Asked {
  readonly kind: Kind;
  readonly method: string;
  /** `owner/name` */
  readonly repository: string | undefined;
  /** The file's. */
  readonly path: string | undefined;
  /** As it was sent. */
  readonly range: string | undefined;
  /** How many requests there have been of this kind, repository and path, this one included. */
  readonly nth: number;
  /** How many requests there have been at all, this one included. */
  readonly count: number;
}

/** Decides what goes wrong, if anything does. */
export type Mischief = (asked: Asked) => Fault | undefined;

/** Which requests to strike: those that are equal in all that is given here. */
export type Where = Partial<Omit<Asked, 'range' | 'count'>>;

export function strike(fault: Fault, where: Where = {}): Mischief {
  return (asked) => {
    const same =
      (where.kind ?? asked.kind) === asked.kind &&
      (where.method ?? asked.method) === asked.method &&
      (where.repository ?? asked.repository) === asked.repository &&
      (where.path ?? asked.path) === asked.path &&
      (where.nth ?? asked.nth) === asked.nth;
    return same ? fault : undefined;
  };
}

/** The first of several that has something to do. */
export function anyOf(...mischiefs: readonly Mischief[]): Mischief {
  return (asked) => mischiefs.map((mischief) => mischief(asked)).find((fault) => fault !== undefined);
}
