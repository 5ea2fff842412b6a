import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { hubRevisions } from '../../../lambda/hub-copies/lambda';
import { UnknownRevision } from '../../../lambda/hub-copies/port';
import { awsError } from '../aws-errors';
import { COMMIT, WANTED } from './fixtures';

const lambda = mockClient(LambdaClient);
const resolve = hubRevisions(new LambdaClient({ region: 'us-east-1' }));
const BRANCH = {
  ...WANTED,
  revision: 'main',
  commit: '',
  tokenSecretArn: 'arn:secret',
  endpoint: 'https://hub.example',
};
const payload = (text: string) => Buffer.from(text);
/** Answers as they come, of which the client makes a class of its own. */
const answers = (answer: object) => lambda.on(InvokeCommand).callsFake(() => answer);

beforeEach(() => lambda.reset());

test('asks the copying function, which has the network and the token', async () => {
  answers({ Payload: payload(JSON.stringify({ state: 'resolved', commit: COMMIT })) });
  expect(await resolve(BRANCH)).toBe(COMMIT);
  const copy = {
    repository: 'openai/gpt-oss-20b',
    revision: 'main',
    endpoint: 'https://hub.example',
    tokenSecretArn: 'arn:secret',
  };
  const Payload = JSON.stringify({ step: 'resolve', copy });
  expect(lambda.call(0).args[0].input).toEqual({ FunctionName: WANTED.copierArn, Payload });
});

test.each([
  [
    'the Hub’s reason',
    { Payload: payload('{"state":"failed","why":"there is no branch main"}') },
    'there is no branch main',
    'invalid',
  ],
  [
    'what the function may not do yet',
    { Payload: payload('{"state":"failed","why":"could not read the secret","early":true}') },
    'could not read the secret',
    'denied',
  ],
  [
    'the function’s error',
    { FunctionError: 'Unhandled', Payload: payload('{"errorMessage":"out of memory"}') },
    'out of memory',
    'passing',
  ],
  [
    'an error with a commit',
    { FunctionError: 'Unhandled', Payload: payload(`{"commit":"${COMMIT}"}`) },
    'no reason was given',
    'passing',
  ],
  ['an empty answer', {}, 'no reason was given', 'invalid'],
  ['null', { Payload: payload('null') }, 'no reason was given', 'invalid'],
])('fails with %s', async (_, answer, why, kind) => {
  answers(answer);
  const failure = await resolve(BRANCH).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UnknownRevision);
  expect(failure).toMatchObject({
    kind,
    message: `Revision 'main' of openai/gpt-oss-20b could not be resolved: ${why}`,
  });
});

test.each([
  ['denied', 'AccessDeniedException', 403],
  ['passing', 'TooManyRequestsException', 429],
  ['passing', 'TimeoutError', undefined],
  ['invalid', 'ResourceNotFoundException', 404],
])('fails by kind: %s for %s', async (kind, name, status) => {
  lambda.on(InvokeCommand).rejects(awsError(name, 'no', status));
  await expect(resolve(BRANCH)).rejects.toMatchObject({ kind, call: 'Invoke', message: `${name}: no` });
});
