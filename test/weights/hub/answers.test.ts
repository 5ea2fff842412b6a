import { answerError, type Asked, type Refusal } from '../../../weights/hub/answer-error';
import { contentLength, contentRange, nextPage, secondsToWait } from '../../../weights/hub/answer-headers';

const TOKEN = 'hf_verySecret';
const asked = (given: Partial<Asked> = {}): Asked => ({
  doing: 'read config.json of https://huggingface.co/acme/model at main',
  repository: 'acme/model',
  endpoint: 'https://huggingface.co',
  hasToken: false,
  absent: 'missing-file',
  hidden: (text) => text.replaceAll(TOKEN, '***'),
  ...given,
});
const refusal = (status: number, code?: string, message?: string): Refusal => ({
  status,
  headers: { ...(code && { 'x-error-code': code }), ...(message && { 'x-error-message': message }) },
});

test.each([
  [404, 'RepoNotFound', 'missing-repository'],
  [401, 'RepoNotFound', 'missing-repository'],
  [404, 'RevisionNotFound', 'missing-revision'],
  [404, 'EntryNotFound', 'missing-file'],
  [401, 'GatedRepo', 'gated'],
  [403, 'GatedRepo', 'gated'],
  [401, undefined, 'missing-repository'],
  [403, undefined, 'denied'],
  [404, undefined, 'missing-file'],
  [416, undefined, 'changed'],
  [429, undefined, 'rate-limited'],
  [500, undefined, 'busy'],
  [503, undefined, 'busy'],
  [400, undefined, 'refused'],
  [204, undefined, 'refused'],
] as const)('an answer %d with the code %s is %s', (status, code, kind) => {
  expect(answerError(refusal(status, code), asked()).kind).toBe(kind);
});

test('401 without a code means the token, where one was given', () => {
  const error = answerError(refusal(401, undefined, `Invalid credentials: ${TOKEN}`), asked({ hasToken: true }));
  expect(error.kind).toBe('denied');
  expect(error.message).toBe(
    'could not read config.json of https://huggingface.co/acme/model at main: the Hub does not allow it (401); ' +
      'the Hub says "Invalid credentials: ***"; the token is not valid, or may not read this repository: give another',
  );
});

test('a gated repository is told of with the page that its conditions are on', () => {
  expect(answerError(refusal(401, 'GatedRepo', 'Access is restricted.'), asked()).message).toBe(
    'could not read config.json of https://huggingface.co/acme/model at main: the repository is gated; the Hub says "Access is restricted."; ' +
      'accept the conditions at https://huggingface.co/acme/model, then give a token that may read it (HF_TOKEN, or the secret of an app)',
  );
  expect(answerError(refusal(403, 'GatedRepo'), asked({ hasToken: true })).message).toContain(
    'accept the conditions at https://huggingface.co/acme/model with the account that the token is of',
  );
});

test('a repository that is not there may be private', () => {
  expect(answerError(refusal(401), asked()).message).toContain(
    "there is no such repository, or it is private; see its id, which is a model's and no dataset's, and if it is private, give a token",
  );
});

test('what the Hub says reaches no terminal as it is', () => {
  const { message } = answerError(refusal(400, undefined, '\u001b[2Jgone\u202e'), asked());
  for (const hostile of ['\u001b', '\u202e']) expect(message).not.toContain(hostile);
  expect(message).toContain('gone');
});

test.each([401, 403, 404, 410, 500])('a storage that answers %d is asked for by the Hub again', (status) => {
  const error = answerError({ ...refusal(status), storage: 'https://cdn.example' }, asked({ hasToken: true }));
  expect(error.kind).toBe('busy');
  expect(error.message).toContain(`the storage at https://cdn.example answered ${status}`);
});

const NOW = Date.parse('2026-11-21T12:00:00Z');
test.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT' }, 60],
  [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
  [{ ratelimit: '"api";r=0;t=55' }, 55],
  [{ ratelimit: '"resolvers";r=0;t=55', 'retry-after': '60' }, 60],
  [{ ratelimit: '"api";r=0' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '9'.repeat(40) }, undefined],
  [{}, undefined],
])('%j asks to wait %s seconds', (headers, seconds) => {
  expect(secondsToWait(headers, NOW)).toBe(seconds);
});

test('a wait is told with the error', () => {
  const error = answerError({ status: 429, headers: { ratelimit: '"api";r=0;t=55' } }, asked());
  expect(error).toMatchObject({ kind: 'rate-limited', waitSeconds: 55 });
  expect(error.message).toContain(
    'too many requests, and asks to wait 55 s; with a token (HF_TOKEN) the Hub allows more',
  );
});

test.each([
  ['bytes 0-99/1000', { from: 0, to: 100, size: 1000 }],
  ['bytes 5-5/6', { from: 5, to: 6, size: 6 }],
  ['bytes 0-99/*', undefined],
  ['bytes */1000', undefined],
  ['0-99/1000', undefined],
])('the range %s is understood', (header, range) => {
  expect(contentRange({ 'content-range': header })).toEqual(range);
});

test('a length is a number or none', () => {
  expect(contentLength({ 'content-length': '12' })).toBe(12);
  expect(contentLength({ 'content-length': '-1' })).toBeUndefined();
  expect(contentLength({})).toBeUndefined();
});

const PAGE = new URL('https://huggingface.co/api/models/a/b/tree/main?recursive=true');
test.each([
  ['<https://huggingface.co/next?cursor=a,b;c>; rel="next"', 'https://huggingface.co/next?cursor=a,b;c'],
  ['</next>; rel=next', 'https://huggingface.co/next'],
  [
    '<https://huggingface.co/first>; rel="first", <https://huggingface.co/next>; rel="next"',
    'https://huggingface.co/next',
  ],
  ['<https://huggingface.co/prev>; rel="prev"', undefined],
  ['nonsense', undefined],
  ['', undefined],
])('the next page of %s', (link, next) => {
  expect(nextPage({ link }, PAGE)?.href).toBe(next);
});

test.each([
  '<https://evil.example/next>; rel="next"',
  '<http://huggingface.co/next>; rel="next"',
  '<//evil.example/>; rel="next"',
])('fails with a next page at another origin: %s', (link) => {
  expect(() => nextPage({ link }, PAGE)).toThrow('at another origin');
});

test('a hostile Link header costs no time', () => {
  const begun = performance.now();
  nextPage({ link: '<x'.repeat(8000) }, PAGE);
  nextPage({ link: `<x>${'; rel'.repeat(3000)}` }, PAGE);
  expect(performance.now() - begun).toBeLessThan(500);
});
