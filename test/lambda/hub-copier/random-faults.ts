import type { Asked, Fault as HubFault, Mischief as HubMischief } from '../../../local/hugging-face';
import type { Fault as S3Fault, Mischief as S3Mischief, Operation } from '../../../local/misbehaving-s3';
import { PART_BYTES } from './ground';
import type { Kill } from './killing';
import { below, pick, type Random } from './random';

/** Counts what went wrong, by server and kind. */
export type Tally = Map<string, number>;

function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

/** So many of a hundred. */
const chance = (random: Random) => pick([0, 1, 5, 15], random) / 100;

const HUB_KINDS = [
  'cut',
  'wrong-byte',
  'rate-limited',
  'error',
  'stale-redirect',
  'redirect-loop',
  'hang',
  'content-length',
  'resized',
  'whole',
] as const satisfies readonly HubFault['kind'][];

/** @param isCopying waits are virtual there alone; elsewhere they would take their time */
export function hubFaults(random: Random, tally: Tally, isCopying: () => boolean): HubMischief {
  const often = chance(random);
  const kinds = HUB_KINDS.filter((kind) => random() < (RARE.has(kind) ? 0.1 : 0.4));
  return (asked) => {
    if (kinds.length === 0 || random() >= often) return undefined;
    const fault = hubFault(pick(kinds, random), asked, isCopying(), random);
    count(tally, `Hub: ${fault.kind}`);
    return fault;
  };
}

/** None of these can be ridden out, or it takes long. */
const RARE: ReadonlySet<HubFault['kind']> = new Set(['redirect-loop', 'resized', 'hang']);

function hubFault(kind: (typeof HUB_KINDS)[number], { path }: Asked, copies: boolean, random: Random): HubFault {
  switch (kind) {
    case 'cut':
      return { kind, after: below(4 * PART_BYTES, random) };
    case 'wrong-byte':
      return { kind, at: below(path?.endsWith('.json') ? 200 : 4 * PART_BYTES, random) };
    case 'rate-limited':
      return { kind, seconds: copies ? below(500, random) : 0 };
    case 'error':
      return { kind, status: pick([500, 502, 503, 504], random) };
    case 'content-length':
      return { kind, off: below(200, random) - 100 };
    case 'resized':
      return { kind, size: below(10 * PART_BYTES, random) };
    case 'stale-redirect':
    case 'redirect-loop':
    case 'hang':
    case 'whole':
      return { kind };
  }
}

/** What can happen to any request, and what only to some. */
const ANYWHERE: readonly S3Fault[] = [
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'cut-request',
  'cut-answer',
  'slow',
  'hang',
];
const SOMEWHERE: Readonly<Partial<Record<S3Fault, readonly Operation[]>>> = {
  'damage-request': ['UploadPart', 'PutObject'],
  'damage-store': ['UploadPart', 'PutObject'],
  'lose-part': ['UploadPart'],
  'error-in-success': ['CompleteMultipartUpload'],
  NoSuchUpload: ['UploadPart', 'CompleteMultipartUpload'],
};
const WRITES: readonly Operation[] = ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'];

/** @param tellsWhole the server refuses parts by the checksum of the whole: else it makes objects of damaged ones */
export function s3Faults(random: Random, tally: Tally, tellsWhole: boolean): S3Mischief {
  const often = chance(random);
  const lasting = random() < 0.1 ? pick(['ExpiredToken', 'AccessDenied'] as const, random) : undefined;
  const until = below(40, random);
  const kinds = [...ANYWHERE, ...Object.keys(SOMEWHERE).filter(isFault)]
    .filter((kind) => tellsWhole || kind !== 'damage-store')
    .filter((kind) => random() < (kind === 'hang' ? 0.1 : 0.4));
  let writes = 0;
  return ({ operation }) => {
    const denied = lasting && WRITES.includes(operation) && writes++ >= until ? lasting : undefined;
    const able = random() < often ? kinds.filter((kind) => SOMEWHERE[kind]?.includes(operation) ?? true) : [];
    const fault = denied ?? (able.length > 0 ? pick(able, random) : undefined);
    if (fault) count(tally, `S3: ${fault}`);
    return fault;
  };
}

function isFault(name: string): name is S3Fault {
  return name in SOMEWHERE;
}

/** What each call of an invocation takes, and after which of them it is killed. */
export function lambdaFaults(
  random: Random,
  tally: Tally,
  clock: { now: number },
): { milliseconds: number; kill: Kill } {
  const milliseconds = pick([900_000, 900_000, 120_000, 65_000, 1000], random);
  const [deadly, longest] = [pick([0, 0, 0.01, 0.05], random), pick([0, 2000, 20_000], random)];
  if (milliseconds < 900_000 || longest > 0) count(tally, 'Lambda: little time');
  return {
    milliseconds,
    kill() {
      clock.now += below(longest + 1, random);
      if (random() >= deadly) return undefined;
      count(tally, 'Lambda: killed');
      return pick(['before', 'after'] as const, random);
    },
  };
}
