// The import rules of CONTRIBUTING.md. ESLint lets the last matching block win, so each block has all that holds for its files.
const CDK = {
  regex: '^(aws-cdk-lib|constructs)(/|$)',
  message: 'only lib/, bin/app.ts, examples/, test/ and bench/ import the CDK',
};
const OUTSIDE = {
  regex: '^(@aws-sdk/|(node:)?(fs|http|https|http2|net|tls|dgram|child_process)(/|$))',
  message: 'a file that touches the outside is named after what it touches; this one is pure logic over a port',
};
const EVERYTHING = { regex: '.', message: 'lib/contract.ts has no imports' };
const SDK = { regex: '^@aws-sdk/', message: 'constructs make no calls' };

/** Files that touch the outside, by the names that rule 2 gives them. */
const EDGES =
  '**/{bedrock,bedrock-runtime,cloudformation,hugging-face,lambda,local-folder,s3,secrets-manager,step-functions}.ts';

/** Rooms of ours that a file may not reach into. */
const not = (message, ...names) => ({ regex: `^(\\.\\./)+(${names.join('|')})(/|$)`, message });
const others = (other) => not('weights/ and chat/ stand alone', 'lib', 'lambda', 'local', 'bin', other);
const handlers = [
  not('handlers import weights/ and lib/contract', 'bin', 'local', 'chat'),
  { regex: '^(\\.\\./)+lib/(?!contract$)', message: 'handlers know only lib/contract of the constructs' },
];

const block = (files, ...patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });

/** A room that nothing of ours is imported into, its edges and all else. */
const alone = (room, other) => [
  block([`${room}/**/*.ts`], CDK, others(other), OUTSIDE),
  block([`${room}/${EDGES}`], CDK, others(other)),
];

export const rooms = [
  block(['lib/**/*.ts'], SDK, not('lib/ imports the CDK and itself', 'lambda', 'weights', 'chat', 'local', 'bin')),
  block(['lib/contract.ts'], EVERYTHING),
  block(['lambda/**/*.ts'], CDK, ...handlers, OUTSIDE),
  block([`lambda/${EDGES}`], CDK, ...handlers),
  ...alone('weights', 'chat'),
  ...alone('chat', 'weights'),
  block(
    ['local/**/*.ts'],
    CDK,
    not('local/ is the examiner: it shares no code with what it examines', 'lib', 'lambda', 'weights', 'chat', 'bin'),
  ),
  block(['bin/**/*.ts'], CDK),
  block(['bin/app.ts'], not('bin/app.ts is a user of lib/', 'lambda', 'weights', 'chat', 'local')),
];
