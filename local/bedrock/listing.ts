import { BedrockError } from './errors';
import type { InputOf } from './operations';

/** What both Lists have in common. */
type Listing = Pick<
  InputOf<'ListModelImportJobs'>,
  'creationTimeAfter' | 'creationTimeBefore' | 'maxResults' | 'nextToken' | 'sortOrder'
>;

interface Listed {
  readonly arn: string;
  readonly createdAt: number;
}

/**
 * One page of `items`, which come oldest first. A token says after which item the next page begins, so that what is
 * created or deleted between two pages neither repeats nor hides another item.
 */
export function page<T extends Listed>(
  items: readonly T[],
  request: Listing,
  pageSize: number,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const { creationTimeAfter, creationTimeBefore, maxResults = pageSize, nextToken, sortOrder = 'Descending' } = request;
  const position = (item: T): string => `${String(item.createdAt).padStart(16, '0')} ${item.arn}`;
  const sign = sortOrder === 'Ascending' ? 1 : -1;
  const after = nextToken === undefined ? undefined : readToken(nextToken);
  const wanted = items
    .filter(({ createdAt }) => creationTimeAfter === undefined || createdAt > Date.parse(creationTimeAfter))
    .filter(({ createdAt }) => creationTimeBefore === undefined || createdAt < Date.parse(creationTimeBefore))
    .map((item) => ({ item, position: position(item) }))
    .sort((a, b) => (a.position < b.position ? -sign : sign))
    .filter((entry) => after === undefined || (sign === 1 ? entry.position > after : entry.position < after));
  const shown = wanted.slice(0, Math.max(1, Math.min(maxResults, pageSize)));
  const last = shown.at(-1);
  const more = wanted.length > shown.length && last !== undefined;
  return { items: shown.map(({ item }) => item), ...(more ? { nextToken: writeToken(last.position) } : {}) };
}

const tokenMark = 'after ';

function writeToken(position: string): string {
  return Buffer.from(`${tokenMark}${position}`).toString('base64url');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(tokenMark)) throw new BedrockError('ValidationException', 'The provided nextToken is invalid');
  return text.slice(tokenMark.length);
}
