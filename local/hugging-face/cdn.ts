import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Answer, file, short } from './answers';
import type { Content } from './contents';
import type { Found } from './resolve';

/** Where large files come from: another origin than the Hub's, which knows nothing of tokens. */
export interface Cdn {
  /** A signed address of a file. @param isStale it has expired by the time that it is given */
  link(found: Found, isStale: boolean): string;
  /** What an address was made for, whether or not it is still good. */
  meant(url: URL): Found | undefined;
  /** Whether the signature is right and in time. */
  isGood(url: URL): boolean;
  /** Lets every address that was given until now expire. */
  expire(): void;
}

/**
 * Addresses look as CloudFront's signed ones do, with which the Hub serves: they hold for a while and for one file, are
 * used as they stand, and are not to be put together by a client.
 *
 * @param seconds how long an address holds
 */
export function cdnAt(origin: () => string, seconds: number): Cdn {
  const links = new Map<string, Found>();
  let key = randomBytes(32);
  const sign = (path: string, expires: string) => createHmac('sha256', key).update(`${path} ${expires}`).digest('hex');
  const now = () => Date.now() / 1000;
  return {
    link(found, isStale) {
      const { repository, commit, file: stored } = found;
      const place = createHash('sha1').update(`${repository} ${commit} ${stored.path}`).digest('hex').slice(0, 24);
      const path = `/xet-bridge-local/${place}/${stored.lfs?.xetHash ?? stored.oid}`;
      links.set(path, found);
      const expires = Math.ceil(isStale ? now() - seconds - 1 : now() + seconds).toString();
      const query = new URLSearchParams({ Expires: expires, Signature: sign(path, expires), 'Key-Pair-Id': 'LOCAL' });
      return `${origin()}${path}?${query.toString()}`;
    },
    meant: ({ pathname }) => links.get(pathname),
    isGood({ pathname, searchParams }) {
      const expires = searchParams.get('Expires') ?? '';
      return searchParams.get('Signature') === sign(pathname, expires) && Number(expires) > now();
    },
    expire() {
      key = randomBytes(32);
    },
  };
}

/** Everything of a large file: its ETag here is not its SHA-256, which is a trap for those who verify by it. */
export function download({ file: { lfs, oid } }: Found, content: Content, range: string | undefined): Answer {
  return file(content, range, { etag: `"${lfs?.xetHash ?? oid}"` });
}

export function expired(): Answer {
  return denied(403, 'AccessDenied', 'Access denied');
}

/** S3 and CloudFront refuse a signed address that comes with another way to sign in. */
export function unwantedToken(): Answer {
  return denied(400, 'InvalidArgument', 'Only one auth mechanism allowed');
}

function denied(status: number, code: string, message: string): Answer {
  const words = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return short(status, words, { 'content-type': 'application/xml' });
}
