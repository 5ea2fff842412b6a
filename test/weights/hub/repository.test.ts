import { hubAddressText, InvalidHubAddressError, parseHubAddress } from '../../../weights/hub/address';
import { isCommit, normalRevision, repositoryProblem, revisionProblem } from '../../../weights/hub/repository';

test.each(['openai/gpt-oss-20b', 'Tonic/med-gpt-oss-20b', 'a/b', '_me/x.y_z-1', `${'o'.repeat(96)}/${'n'.repeat(96)}`])(
  '%s is the id of a model repository',
  (id) => {
    expect(repositoryProblem(id)).toBeUndefined();
  },
);

test.each([
  ['', 'it is empty'],
  ['https://huggingface.co/openai/gpt-oss-20b', "it is a URL; write 'openai/gpt-oss-20b'"],
  ['https://huggingface.co/openai/gpt-oss-20b/tree/main', "it is a URL; write 'openai/gpt-oss-20b'"],
  ['https://huggingface.co/datasets/openai', "it is a URL; write 'owner/name'"],
  [
    'https://huggingface.co/openai/gpt-oss-20b/blob/v1/config.json',
    "'openai/gpt-oss-20b', and give 'v1' as its revision",
  ],
  [
    'https://huggingface.co/openai/gpt-oss-20b/tree/refs%2Fpr%2F1',
    "it is a URL; write 'openai/gpt-oss-20b', and give 'refs/pr/1' as its revision",
  ],
  ['hf://openai/gpt-oss-20b', "it is a URL; write 'openai/gpt-oss-20b'"],
  ['hf://openai', "it is a URL; write 'owner/name'"],
  ['openai/gpt-oss-20b@refs/pr/1', "it has an '@'; write 'openai/gpt-oss-20b', and give 'refs/pr/1' as its revision"],
  ['openai/gpt-oss-20b@', "it has an '@'; write 'openai/gpt-oss-20b'"],
  ['@', "it has an '@'; write 'owner/name'"],
  ['datasets/openai/gsm8k', "it is in 'datasets/'; only a model's repository has weights"],
  ['spaces/openai/demo', "it is in 'spaces/'; only a model's repository has weights"],
  ['models/openai/gpt-oss-20b', "it begins with 'models/'; leave that out"],
  ['gpt-oss-20b', "it has no owner; write 'owner/name'"],
  ['openai/gpt-oss-20b/main', "it has more parts than 'owner/name'"],
  ['openai/', 'owner and name have letters'],
  ['/gpt-oss', 'owner and name have letters'],
  ['openai/gpt oss', 'owner and name have letters'],
  ['openai/模型', 'owner and name have letters'],
  ['openai/..', 'owner and name have letters'],
  ['openai/gpt?x=1', 'owner and name have letters'],
  ['openai/gpt-oss\n', 'owner and name have letters'],
  [`openai/${'n'.repeat(97)}`, 'at most 96 characters'],
  ['openai/a--b', "it has '--' or '..'"],
  ['openai/a..b', "it has '--' or '..'"],
  ['openai/gpt-oss.git', "it ends in '.git'; leave that out"],
])('fails with %j as the id of a repository', (id, problem) => {
  expect(repositoryProblem(id)).toContain(problem);
});

test('only forty hexadecimal digits pin the content', () => {
  expect(isCommit('6cee5e81ee83917806bbde320786a8fb61efebee')).toBe(true);
  for (const revision of ['main', '6cee5e8', `${'a'.repeat(40)}\n`, 'A'.repeat(40), 'g'.repeat(40)]) {
    expect(isCommit(revision)).toBe(false);
  }
});

test.each(['6cee5e8', 'ABCDEF1', `${'a1'.repeat(20)}0`])('fails with %s, which is nearly a commit', (revision) => {
  expect(revisionProblem(revision)).toBe(
    `it has ${revision.length} hexadecimal digits, and a commit has 40; give all of them`,
  );
});

test('a commit may be given in capitals, and other revisions are left as they are', () => {
  const commit = 'a1'.repeat(20);
  expect(normalRevision(commit.toUpperCase())).toBe(commit);
  expect(parseHubAddress(`hf://openai/gpt-oss-20b@${commit.toUpperCase()}`).revision).toBe(commit);
  expect(revisionProblem(commit.toUpperCase())).toBeUndefined();
  expect(normalRevision('Main')).toBe('Main');
});

// a date, words, and one digit too few to be taken for a commit
test.each(['main', 'v1.0', 'refs/pr/1', 'feature/x+y', 'a@b', '20250805', 'defaced', 'b4321a'])(
  '%s may be a revision',
  (revision) => {
    expect(revisionProblem(revision)).toBeUndefined();
  },
);

test.each([
  '',
  '-x',
  '/main',
  'main/',
  'a..b',
  '..',
  '.',
  'a//b',
  'a/.b',
  'a b',
  'a\nb',
  'ä',
  'a~1',
  'x@{1}',
  'r'.repeat(201),
])('fails with %j as a revision', (revision) => {
  expect(revisionProblem(revision)).toMatch(/^it (is|has)/);
});

test.each([
  ['hf://openai/gpt-oss-20b', 'openai/gpt-oss-20b', 'main'],
  ['hf://openai/gpt-oss-20b@v1', 'openai/gpt-oss-20b', 'v1'],
  ['hf://openai/gpt-oss-20b@refs/pr/1', 'openai/gpt-oss-20b', 'refs/pr/1'],
  ['hf://openai/gpt-oss-20b@a@b', 'openai/gpt-oss-20b', 'a@b'],
])('%s is an address', (text, repository, revision) => {
  expect(parseHubAddress(text)).toEqual({ repository, revision });
  expect(parseHubAddress(hubAddressText({ repository, revision }))).toEqual({ repository, revision });
});

test.each([
  ['s3://bucket/prefix', 'an address on Hugging Face begins with hf://'],
  ['hf://', 'names no model repository: it is empty'],
  ['hf://gpt-oss-20b@main', 'names no model repository: it has no owner'],
  ['hf://datasets/openai/gsm8k', "names no model repository: it is in 'datasets/'"],
  ['hf://openai/gpt-oss-20b@', 'names no revision: it is empty'],
  ['hf://openai/gpt-oss-20b@a b', 'names no revision: it has a space'],
])('fails with %s as an address', (text, message) => {
  expect(() => parseHubAddress(text)).toThrow(InvalidHubAddressError);
  expect(() => parseHubAddress(text)).toThrow(message);
});
