import type { Headers } from './ask';

/**
 * Seconds to wait before the next request: of `Retry-After` and the Hub's own `RateLimit: "api";r=0;t=55`, whichever
 * says more. Undefined where neither says any.
 */
export function secondsToWait(headers: Headers, now = Date.now()): number | undefined {
  const [, reset] = /;\s*t=(\d{1,9})\b/.exec(headers['ratelimit'] ?? '') ?? [];
  const said = [retryAfter(headers['retry-after'] ?? '', now), reset === undefined ? undefined : Number(reset)];
  const seconds = said.filter((value) => value !== undefined);
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}

/** A number of seconds, or a date. */
function retryAfter(value: string, now: number): number | undefined {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** `bytes 0-99/1000`, its end made exclusive; undefined for anything else. */
export function contentRange(headers: Headers): { from: number; to: number; size: number } | undefined {
  const [, first, last, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers['content-range'] ?? '') ?? [];
  return size === undefined ? undefined : { from: Number(first), to: Number(last) + 1, size: Number(size) };
}

export function contentLength(headers: Headers): number | undefined {
  const length = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

/**
 * Where the next page of a listing is, as `Link: <…>; rel="next"` says; undefined on the last one.
 *
 * @throws Error when it leads to another origin, which would learn the token
 */
export function nextPage(headers: Headers, page: URL): URL | undefined {
  for (const [, target = '', parameters = ''] of (headers['link'] ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel="?next"?\s*(;|,|$)/.test(parameters)) continue;
    if (!URL.canParse(target, page.href)) throw new Error('the address of the next page is none');
    const next = new URL(target, page);
    if (next.origin !== page.origin) throw new Error(`the next page is said to be at another origin, ${next.origin}`);
    return next;
  }
  return undefined;
}
