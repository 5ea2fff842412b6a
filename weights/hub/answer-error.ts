import { printable } from '../printable';
import { secondsToWait } from './answer-headers';
import type { Headers } from './ask';
import { HubError, type HubProblem } from './hub-error';

/** What was asked of the Hub. */
export interface Asked {
  /** Follows "could not", such as "list the files of https://huggingface.co/a/b at main". */
  readonly doing: string;
  readonly repository: string;
  readonly endpoint: string;
  readonly hasToken: boolean;
  /** What is missing where the Hub only says that something is. */
  readonly absent: Extract<HubProblem, `missing-${string}`>;
  /** Takes the token out of a text. */
  hidden(text: string): string;
}

/** An answer that is none of those hoped for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** Origin of another server, where the Hub had sent us to it. */
  readonly storage?: string;
}

const BY_CODE: ReadonlyMap<string, HubProblem> = new Map([
  ['RepoNotFound', 'missing-repository'],
  ['RevisionNotFound', 'missing-revision'],
  ['EntryNotFound', 'missing-file'],
  ['GatedRepo', 'gated'],
]);

export function answerError(refusal: Refusal, asked: Asked): HubError {
  const kind = refusal.storage === undefined ? hubProblem(refusal, asked) : storageProblem(refusal.status);
  const waitSeconds = secondsToWait(refusal.headers);
  const said = asked.hidden(refusal.headers['x-error-message'] ?? '').trim();
  const clauses = [
    problem(kind, refusal, waitSeconds),
    ...(said === '' ? [] : [`the Hub says ${printable(said)}`]),
    ...remedy(kind, asked),
  ];
  const waits = kind === 'rate-limited' || kind === 'busy';
  const options = waits && waitSeconds !== undefined ? { waitSeconds } : {};
  return new HubError(kind, `could not ${asked.doing}: ${clauses.join('; ')}`, options);
}

function hubProblem({ status, headers }: Refusal, { hasToken, absent }: Asked): HubProblem {
  const named = BY_CODE.get(headers['x-error-code'] ?? '');
  if (named) return named;
  // without a token, what is private and what does not exist are told alike
  if (status === 401) return hasToken ? 'denied' : 'missing-repository';
  if (status === 403) return 'denied';
  if (status === 404) return absent;
  return anyProblem(status);
}

/** The storage knows nothing of tokens: it refuses when the address that the Hub gave has expired. */
function storageProblem(status: number): HubProblem {
  return [401, 403, 404, 410].includes(status) ? 'busy' : anyProblem(status);
}

function anyProblem(status: number): HubProblem {
  if (status === 429) return 'rate-limited';
  if (status === 416) return 'changed';
  return status >= 500 || status === 408 ? 'busy' : 'refused';
}

function problem(kind: HubProblem, { status, storage }: Refusal, waitSeconds: number | undefined): string {
  const who = storage === undefined ? 'the Hub' : `the storage at ${storage}`;
  switch (kind) {
    case 'missing-repository':
      return 'there is no such repository, or it is private';
    case 'missing-revision':
      return 'the repository has no such revision';
    case 'missing-file':
      return 'that commit has no such file';
    case 'gated':
      return 'the repository is gated';
    case 'denied':
      return `the Hub does not allow it (${status})`;
    case 'rate-limited':
      return `${who} has had too many requests${waitSeconds === undefined ? '' : `, and asks to wait ${waitSeconds} s`}`;
    case 'changed':
      return 'the file is shorter than it was';
    case 'busy':
    case 'cut':
    case 'damaged':
    case 'refused':
      return `${who} answered ${status}`;
  }
}

const MODEL = "see its id, which is a model's and no dataset's";
const TOKEN = 'a token that may read it (HF_TOKEN, or the secret of an app)';

function remedy(kind: HubProblem, { repository, endpoint, hasToken }: Asked): string[] {
  switch (kind) {
    case 'missing-repository':
      return [hasToken ? `${MODEL}, and that the token may read it` : `${MODEL}, and if it is private, give ${TOKEN}`];
    case 'missing-revision':
      return ['give a branch, a tag or a commit of 40 hexadecimal digits that it has'];
    case 'gated': {
      const accept = `accept the conditions at ${endpoint}/${repository}`;
      return [hasToken ? `${accept} with the account that the token is of` : `${accept}, then give ${TOKEN}`];
    }
    case 'denied':
      return [hasToken ? 'the token is not valid, or may not read this repository: give another' : `give ${TOKEN}`];
    case 'rate-limited':
      return hasToken ? [] : ['with a token (HF_TOKEN) the Hub allows more'];
    case 'missing-file':
    case 'busy':
    case 'cut':
    case 'changed':
    case 'damaged':
    case 'refused':
      return [];
  }
}
