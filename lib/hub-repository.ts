/**
 * What is wrong with the id of a model repository on Hugging Face, in a clause with the remedy, or undefined. The rules
 * are those of `weights/`, which this room doesn't import; a test holds the two alike.
 */
export function repositoryProblem(id: string): string | undefined {
  if (id === '') return "it is empty; write 'owner/name'";
  const [, ofUrl] = /^https?:\/\/[^/]+\/([\w.-]+\/[\w.-]+)/.exec(id) ?? [];
  if (id.includes('://')) {
    const better = ofUrl === undefined || repositoryProblem(ofUrl) !== undefined ? 'owner/name' : ofUrl;
    return `it is a URL; write '${better}'`;
  }
  const [first = '', ...others] = id.split('/');
  const name = others.join('/');
  if (first === 'datasets' || first === 'spaces') return `it is in '${first}/'; only a model's repository has weights`;
  if (first === 'models' && others.length === 2) return "it begins with 'models/'; leave that out";
  if (others.length === 0) return "it has no owner; write 'owner/name'";
  if (others.length > 1) return "it has more parts than 'owner/name'; a revision is given apart from it";
  for (const part of [first, name]) {
    if (!/^\w$|^\w[\w.-]{0,94}\w$/.test(part)) {
      return "owner and name have letters, digits, '-', '_' and '.', begin and end with a letter or digit, and have at most 96 characters";
    }
    if (part.includes('--') || part.includes('..')) return "it has '--' or '..', which no repository has";
  }
  return name.endsWith('.git') ? "it ends in '.git'; leave that out" : undefined;
}

/** Whether a revision pins the content: 40 hexadecimal digits. A branch or a tag may mean something else tomorrow. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** Longer than any name of a branch that is meant for people. */
const MAX_REVISION = 200;

/** What is wrong with a revision, by the rules of git for names, or undefined. */
export function revisionProblem(revision: string): string | undefined {
  if (revision === '') return 'it is empty';
  if (revision.length > MAX_REVISION) return `it has more than ${MAX_REVISION} characters`;
  if (!/^[!-~]+$/.test(revision)) return 'it has characters that are no printable ASCII';
  if (/^[-/.]|[~^:?*[\\]|\.\.|@\{|\/[/.]|[/.]$/.test(revision)) return 'it is no name of a branch, a tag or a commit';
  return undefined;
}
