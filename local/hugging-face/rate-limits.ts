import { type Answer, short } from './answers';

/** The Hub counts what asks its API and what asks for files apart. */
export type Bucket = 'api' | 'resolvers';

/** Requests that are free in each window. The Hub gives the anonymous 500 and 3,000 in 300 seconds. */
export interface Quotas {
  readonly api: number;
  readonly resolvers: number;
  readonly windowSeconds: number;
}

export interface RateLimits {
  /** Counts a request; undefined where nothing is counted. */
  count(bucket: Bucket): Spent | undefined;
}

interface Spent {
  readonly isTooMuch: boolean;
  readonly secondsLeft: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Windows of a fixed length, as https://huggingface.co/docs/hub/rate-limits describes them; `RateLimit` and
 * `RateLimit-Policy` as `parse_ratelimit_headers` in huggingface_hub's utils/_http.py reads them. They come with every
 * answer, not only with 429.
 */
export function rateLimits(quotas: Quotas | undefined): RateLimits {
  const windows = new Map<Bucket, { ends: number; spent: number }>();
  return {
    count(bucket) {
      if (!quotas) return undefined;
      const now = Date.now();
      const open = windows.get(bucket);
      const window = open && open.ends > now ? open : { ends: now + quotas.windowSeconds * 1000, spent: 0 };
      window.spent += 1;
      windows.set(bucket, window);
      const quota = quotas[bucket];
      const secondsLeft = Math.ceil((window.ends - now) / 1000);
      const remaining = Math.max(0, quota - window.spent);
      const policy = `"fixed window";"${bucket}";q=${quota};w=${quotas.windowSeconds}`;
      const headers = { ratelimit: `"${bucket}";r=${remaining};t=${secondsLeft}`, 'ratelimit-policy': policy };
      return { isTooMuch: window.spent > quota, secondsLeft, headers };
    },
  };
}

/** @param bucket none of the CDN, which has no `RateLimit` header @param tells which header says so; both unless given */
export function tooMany(bucket: Bucket | undefined, seconds: number, tells?: 'Retry-After' | 'RateLimit'): Answer {
  return short(429, 'We had to rate limit your IP. To continue using our service, log in or wait.', {
    ...(tells !== 'RateLimit' && { 'retry-after': seconds.toString() }),
    ...(tells !== 'Retry-After' && bucket !== undefined && { ratelimit: `"${bucket}";r=0;t=${seconds}` }),
  });
}
