import { nameProblem } from '../lock';
import { MAX_FILES } from '../model-folder';
import { printable } from '../printable';
import { answerError, type Asked } from './answer-error';
import { contentLength, contentRange, nextPage } from './answer-headers';
import type { Answer } from './ask';
import { slice, textOf } from './bytes';
import type { Hub, HubBody, HubFile, HubRange } from './hub';
import { HubError } from './hub-error';
import { parseCommit, parsePage } from './listing';
import { networkError } from './network-error';
import { type Fetching, follow } from './redirects';
import { isCommit, normalRevision, repositoryProblem, revisionProblem } from './repository';

/** A page of 1000 files has 400 kB; what is said of a repository holds every file's name, and its author's texts. */
const MAX_JSON = 16 * 1024 * 1024;

/** Folders are listed too. */
const MAX_ENTRIES = 2 * MAX_FILES;

/** The Hub's calls, made of single requests. */
export function hubCalls(fetching: Fetching): Hub {
  const { endpoint, token } = fetching;
  // by the Hub's address: where that is wrong, it is seen in whatever fails
  const named = (repository: string) => `${endpoint.origin}/${printable(repository)}`;
  const about = (repository: string, doing: string, absent: Asked['absent']): Asked => ({
    doing,
    repository,
    endpoint: endpoint.origin,
    hasToken: token !== undefined,
    absent,
    hidden: (text) => (token === undefined ? text : text.replaceAll(token, '***')),
  });
  return {
    endpoint: endpoint.origin,

    resolve(repository, revision, signal) {
      const asked = about(repository, `find ${printable(revision)} of ${named(repository)}`, 'missing-revision');
      return told(asked, signal, async () => {
        const wanted = normalRevision(revision);
        const page = await pageAt(fetching, api(endpoint, repository, 'revision', wanted), asked, signal);
        const commit = parseCommit(page.text);
        if (isCommit(wanted) && commit !== wanted) throw new Error(`the Hub says that it is ${commit}`);
        return { commit };
      });
    },

    files(repository, commit, signal) {
      const asked = about(
        repository,
        `list the files of ${named(repository)} at ${printable(commit)}`,
        'missing-revision',
      );
      return told(asked, signal, () => filesOf(fetching, repository, commit, asked, signal));
    },

    open(repository, commit, name, range, signal) {
      const doing = `read ${printable(name)} of ${named(repository)} at ${printable(commit)}`;
      const asked = about(repository, doing, 'missing-file');
      return told(asked, signal, async () => {
        const problem = nameProblem(name);
        if (problem) throw new Error(`the name cannot be used: ${problem}`);
        const path = name.split('/').map(encodeURIComponent).join('/');
        const url = new URL(`/${checked(repository)}/resolve/${checkedRevision(commit)}/${path}`, endpoint);
        const answer = await get(fetching, url, rangeHeader(range), asked, signal);
        try {
          return bodyOf(answer, range, asked, signal);
        } catch (error) {
          answer.close();
          throw error;
        }
      });
    },
  };
}

async function filesOf(
  fetching: Fetching,
  repository: string,
  commit: string,
  asked: Asked,
  signal: AbortSignal,
): Promise<HubFile[]> {
  const files = new Map<string, HubFile>();
  let entries = 0;
  let next: URL | undefined = api(fetching.endpoint, repository, 'tree', commit);
  next.searchParams.set('recursive', 'true');
  while (next && files.size <= MAX_FILES && entries <= MAX_ENTRIES) {
    const { text, following } = await pageAt(fetching, next, asked, signal);
    const page = parsePage(text);
    if (page.entries === 0 && following) throw new Error('a page of the listing is empty, and not the last');
    entries += page.entries;
    for (const file of page.files) {
      if (files.has(file.name)) throw new Error(`the listing has ${printable(file.name)} twice`);
      files.set(file.name, file);
    }
    next = following;
  }
  return [...files.values()];
}

async function pageAt(fetching: Fetching, url: URL, asked: Asked, signal: AbortSignal) {
  const answer = await get(fetching, url, { accept: 'application/json' }, asked, signal);
  try {
    return { text: await textOf(answer.body, MAX_JSON), following: nextPage(answer.headers, url) };
  } finally {
    answer.close();
  }
}

async function get(
  fetching: Fetching,
  url: URL,
  headers: Readonly<Record<string, string>>,
  asked: Asked,
  signal: AbortSignal,
): Promise<Answer> {
  // ranges and lengths count the bytes that travel: these are to be the file's own
  const { answer, at } = await follow(fetching, url, { 'accept-encoding': 'identity', ...headers }, signal);
  if (answer.status === 200 || answer.status === 206) return answer;
  answer.close();
  const { status, headers: told } = answer;
  throw answerError({ status, headers: told, ...(at.origin !== asked.endpoint && { storage: at.origin }) }, asked);
}

function api(endpoint: URL, repository: string, what: 'revision' | 'tree', revision: string): URL {
  return new URL(`/api/models/${checked(repository)}/${what}/${checkedRevision(revision)}`, endpoint);
}

function checkedRevision(revision: string): string {
  const problem = revisionProblem(revision);
  if (problem) throw new Error(`${printable(revision)} is no revision: ${problem}`);
  return encodeURIComponent(revision);
}

function checked(repository: string): string {
  const problem = repositoryProblem(repository);
  if (problem) throw new Error(`${printable(repository)} is no model repository: ${problem}`);
  return repository;
}

function rangeHeader({ from, to }: HubRange): Readonly<Record<string, string>> {
  // a whole file is asked for without a range: an empty one has none
  if (from === 0 && to === undefined) return {};
  return { range: `bytes=${from}-${to === undefined ? '' : to - 1}` };
}

/** Compares what an answer promises with what was asked for, before a byte is read. */
function bodyOf(answer: Answer, { from, to, size: listed }: HubRange, asked: Asked, signal: AbortSignal): HubBody {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new Error(`it is sent encoded, in ${printable(encoding)}`);
  const part = answer.status === 206 ? contentRange(answer.headers) : undefined;
  if (answer.status === 206 && !part) throw new Error('the answer does not tell which bytes it has');
  // what is made up while it is sent has no length
  const size = part?.size ?? contentLength(answer.headers) ?? listed;
  if (size === undefined) throw new Error('the answer does not tell the size of the file');
  if (listed !== undefined && size !== listed) {
    const message = `could not ${asked.doing}: it has ${size} bytes, where ${listed} were listed`;
    throw new HubError('changed', message);
  }
  const end = to ?? size;
  if (part && (part.from !== from || part.to !== end)) {
    throw new Error(`bytes ${from} to ${end} were asked for, and others are sent`);
  }
  // a server that knows no ranges sends the whole file
  const before = part ? from : 0;
  return { size, bytes: failing(slice(answer.body, from - before, end - before), asked, signal), close: answer.close };
}

async function* failing(bytes: AsyncIterable<Uint8Array>, asked: Asked, signal: AbortSignal) {
  try {
    yield* bytes;
  } catch (error) {
    throw networkError(error, asked.doing, signal);
  }
}

/** Runs a call, and has its failures in our words. */
async function told<T>(asked: Asked, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await call();
  } catch (error) {
    throw networkError(error, asked.doing, signal);
  }
}
