/**
 * What is wrong with the id of a model repository on Hugging Face, in a clause with the remedy, or undefined. The rules
 * are those of `weights/`, which this room doesn't import; a test holds the two alike.
 */
export function repositoryProblem(id: string): string | undefined {
  if (id === '') return "it is empty; write 'owner/name'";
  if (id.includes('://') || id.includes('@')) return addressProblem(id);
  const [first = '', ...others] = id.split('/');
  const name = others.join('/');
  if (first === 'datasets' || first === 'spaces') return `it is in '${first}/'; only a model's repository has weights`;
  if (first === 'models' && others.length === 2) return "it begins with 'models/'; leave that out";
  if (others.length === 0) return "it has no owner; write 'owner/name', as in 'openai/gpt-oss-20b'";
  if (others.length > 1) return "it has more parts than 'owner/name'; a revision is given apart from it";
  for (const part of [first, name]) {
    if (!/^\w$|^\w[\w.-]{0,94}\w$/.test(part)) {
      return "owner and name have letters, digits, '-', '_' and '.', begin and end with a letter or digit, and have at most 96 characters";
    }
    if (part.includes('--') || part.includes('..')) return "it has '--' or '..', which no repository has";
  }
  return name.endsWith('.git') ? "it ends in '.git'; leave that out" : undefined;
}

/** A page of a repository, an address of the command line, or an id and a revision: what is copied from elsewhere. */
const ADDRESS =
  /^(?:https?:\/\/[^/]+\/|hf:\/\/)?([\w.-]+\/[\w.-]+)(?:\/(?:tree|blob|resolve|commit)\/([^/?#]+)|@(.+))?/;

function addressProblem(id: string): string {
  const [, repository = '', ofPage, behindAt] = ADDRESS.exec(id) ?? [];
  // a page has refs/pr/1 as refs%2Fpr%2F1
  const revision = ofPage?.replaceAll(/%2F/gi, '/') ?? behindAt;
  const what = id.includes('://') ? 'it is a URL' : "it has an '@'";
  if (repository === '' || repositoryProblem(repository) !== undefined) return `${what}; write 'owner/name'`;
  const isRevision = revision !== undefined && revisionProblem(revision) === undefined;
  return `${what}; write '${repository}'${isRevision ? `, and give '${revision}' as its revision` : ''}`;
}

/** Whether a revision pins the content: 40 hexadecimal digits. A branch or a tag may mean something else tomorrow. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** A revision as the Hub writes it: whoever gives a commit in capitals means the same one. */
export function normalRevision(revision: string): string {
  const commit = revision.toLowerCase();
  return isCommit(commit) ? commit : revision;
}

/** Part of a commit, or one with digits too many. Digits alone may be a date, letters alone a word. */
const NEARLY_A_COMMIT = /^(?=.*[0-9])(?=.*[a-f])[0-9a-f]{7,}$/i;

/** Longer than any name of a branch that is meant for people. */
const MAX_REVISION = 200;

/** What is wrong with a revision, by the rules of git for names, or undefined. */
export function revisionProblem(revision: string): string | undefined {
  if (revision === '') return 'it is empty';
  if (revision.length > MAX_REVISION) return `it has more than ${MAX_REVISION} characters`;
  if (/\s/.test(revision)) return 'it has a space or a line break in it';
  if (!/^[!-~]+$/.test(revision)) return 'it has characters that are no printable ASCII';
  if (/^[-/.]|[~^:?*[\\]|\.\.|@\{|\/[/.]|[/.]$/.test(revision)) return 'it is no name of a branch, a tag or a commit';
  if (NEARLY_A_COMMIT.test(revision) && !isCommit(normalRevision(revision))) {
    return `it has ${revision.length} hexadecimal digits, and a commit has 40; give all of them`;
  }
  return undefined;
}
