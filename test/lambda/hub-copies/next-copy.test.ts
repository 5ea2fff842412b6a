import { nextCopy } from '../../../lambda/hub-copies/next-copy';
import { executionFamily, type WantedCopy } from '../../../lambda/hub-copies/request';
import type { Seen } from '../../../lambda/hub-copies/seen';
import { POLICY_PATIENCE } from '../../../lambda/imported-model/patience';
import {
  CALM,
  COMMIT,
  execution,
  EXECUTION,
  failed,
  fails,
  ID,
  looks,
  MINUTE,
  PLACE,
  POLL,
  saying,
  STARTED,
  THERE,
  waits,
  WANTED,
} from './fixtures';

interface Row {
  readonly when: string;
  readonly seen?: Partial<Seen>;
  readonly wanted?: Partial<WantedCopy>;
  readonly then: unknown;
}

const step = ({ seen, wanted }: Row) => nextCopy({ ...POLL, ...seen }, { ...WANTED, ...wanted });
const rows = (table: readonly Row[]) => {
  test.each(table)('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
};

const EARLIER = execution({ name: `${executionFamily(PLACE)}earlier` });
const IDLE: Partial<Seen> = { running: [], own: 'none' };
const NOTHING: Partial<Seen> = { ...IDLE, copy: 'none' };
const ROLLING_BACK = { status: 'UPDATE_ROLLBACK_IN_PROGRESS', since: CALM.since };
const OVER = { now: STARTED + 50 * MINUTE };
const NAMES = { Prefix: PLACE.prefix, Commit: COMMIT, Execution: EXECUTION };
const FINISHED = { do: 'finish', why: 'the copy is there', attributes: { ...NAMES, ...THERE } };

describe('with nothing there, looks at one thing after the other and starts an execution', () => {
  rows([
    { when: 'first at what runs', then: looks('running') },
    { when: 'then at its own execution', seen: { running: [] }, then: looks('own') },
    { when: 'then at the copy', seen: IDLE, then: looks('copy') },
    { when: 'then at the stack', seen: NOTHING, then: looks('stack') },
    { when: 'then starts', seen: { ...NOTHING, stack: CALM }, then: { do: 'start' } },
    {
      when: 'and looks again at what runs',
      seen: { ...NOTHING, asked: true, running: undefined },
      then: looks('running'),
    },
    {
      when: 'and waits for one that is not listed yet',
      seen: { ...NOTHING, stack: CALM, asked: true },
      then: waits(EXECUTION, 'begins'),
    },
  ]);
});

describe('an execution that runs', () => {
  rows([
    {
      when: 'is waited for',
      seen: { running: [execution()] },
      then: waits(EXECUTION, `hf://openai/gpt-oss-20b@${COMMIT}`, ID),
    },
    {
      when: 'is adopted when it is of an earlier request for the same folder',
      seen: { running: [EARLIER] },
      then: waits(EARLIER.name),
    },
    {
      when: 'is known by its name before it is listed',
      seen: { running: [], own: execution() },
      then: waits(EXECUTION, 'begins'),
    },
    {
      when: 'is not passed by though a copy is there',
      seen: { running: [EARLIER], own: 'none', copy: THERE },
      then: waits(EARLIER.name),
    },
  ]);
});

describe('an execution that has ended', () => {
  const own = execution({ status: 'failed', cause: 'config.json was not copied: the Hub answered 404' });
  rows([
    {
      when: 'is done when the copy is whole',
      seen: { ...NOTHING, own: execution({ status: 'succeeded' }), copy: THERE },
      then: FINISHED,
    },
    {
      when: 'counts as done though it failed, when another made the copy',
      seen: { ...NOTHING, own, copy: THERE },
      then: FINISHED,
    },
    {
      when: 'is looked at before the copy: it may end between the two',
      seen: { running: [], own: execution({ status: 'succeeded' }) },
      then: looks('copy'),
    },
    {
      when: 'fails with its cause',
      seen: { ...NOTHING, own },
      then: fails(`could not be copied: ${own.cause} (execution ${EXECUTION}). Next: mend the cause and deploy again.`),
    },
    {
      when: 'fails with no second remedy beside that of its cause',
      seen: { ...NOTHING, own: { ...own, cause: 'it is gated. Next: give a token.' } },
      then: {
        do: 'fail',
        why: `hf://openai/gpt-oss-20b@${COMMIT} could not be copied: it is gated. Next: give a token. (execution ${EXECUTION})`,
      },
    },
    {
      when: 'fails without a cause',
      seen: { ...NOTHING, own: { ...own, cause: '' } },
      then: fails('the state machine gave no reason', EXECUTION),
    },
    {
      when: 'fails when somebody has changed what it copied',
      seen: { ...NOTHING, own: execution({ status: 'succeeded' }) },
      then: fails(`was copied to ${ID}`, 'is not that copy', 'Next: ', 'deploy again'),
    },
  ]);
});

describe('a copy that is there', () => {
  rows([
    { when: 'is found without an execution', seen: { ...IDLE, copy: THERE }, then: FINISHED },
    { when: 'is found even when the time is up', seen: { ...IDLE, ...OVER, copy: THERE }, then: FINISHED },
    {
      when: 'is found even by a request that was given up',
      seen: { ...IDLE, copy: THERE, stack: { status: 'DELETE_IN_PROGRESS', since: '' } },
      then: FINISHED,
    },
  ]);
});

describe('a request that CloudFormation gave up starts nothing', () => {
  const dead = (status: string) => fails('given this request up', status, 'nothing was copied');
  rows([
    {
      when: 'the stack is rolled back',
      seen: { ...NOTHING, stack: ROLLING_BACK },
      then: dead('UPDATE_ROLLBACK_IN_PROGRESS'),
    },
    {
      when: 'a later update has begun',
      seen: { ...NOTHING, stack: { ...CALM, since: '2026-11-21T11:00:00.000Z' } },
      then: dead('UPDATE_IN_PROGRESS'),
    },
    {
      when: 'it was sent before this update began',
      seen: { ...NOTHING, stack: CALM },
      wanted: { sentAt: STARTED - MINUTE },
      then: dead('UPDATE_IN_PROGRESS'),
    },
    {
      when: 'a Create in a stack that goes',
      seen: { ...NOTHING, stack: { ...CALM, status: 'DELETE_IN_PROGRESS' } },
      wanted: { type: 'Create' },
      then: dead('DELETE_IN_PROGRESS'),
    },
    {
      when: 'nothing was noted',
      seen: { ...NOTHING, noted: undefined, stack: CALM },
      then: dead('UPDATE_IN_PROGRESS'),
    },
  ]);
});

describe('in a rollback, a late request has seen nothing but the rollback', () => {
  const seen = { ...NOTHING, noted: ROLLING_BACK, stack: ROLLING_BACK };
  rows([
    { when: 'it is given time to show', seen: { ...seen, now: STARTED + 9_000 }, then: waits('time to show') },
    { when: 'then the resource is looked at', seen, then: looks('resource') },
    {
      when: 'one that is being updated is the rollback itself',
      seen: { ...seen, resource: 'UPDATE_IN_PROGRESS' },
      then: { do: 'start' },
    },
    {
      when: 'one that was updated is done with',
      seen: { ...seen, resource: 'UPDATE_COMPLETE' },
      then: fails('given this request up'),
    },
    {
      when: 'one that failed is done with',
      seen: { ...seen, resource: 'UPDATE_FAILED' },
      then: fails('given this request up'),
    },
  ]);
});

describe('when the time is up', () => {
  const handedOn = (why: unknown) => ({
    do: 'finish',
    why,
    attributes: { ...NAMES, Hash: '', Files: '0', Bytes: '0' },
  });
  rows([
    {
      when: 'fails with what was waited for',
      seen: { ...OVER, running: [execution()] },
      then: fails('after 50 minutes', EXECUTION, "'copyTimeout'", 'what is copied stays'),
    },
    {
      when: 'fails in the last link with the time of all',
      seen: { ...OVER, running: [execution()] },
      wanted: { link: 3, links: 3 },
      then: fails('after 150 minutes'),
    },
    {
      when: 'hands on along the chain',
      seen: { ...OVER, running: [execution()] },
      wanted: { links: 2 },
      then: handedOn(saying('wait 2', EXECUTION)),
    },
    {
      when: 'starts nothing, and hands on',
      seen: { ...OVER, ...NOTHING, stack: CALM },
      wanted: { link: 2, links: 3 },
      then: handedOn(saying('wait 3', 'no execution was started')),
    },
    {
      when: 'starts nothing, and fails',
      seen: { ...OVER, ...NOTHING, stack: CALM },
      then: fails('no execution was started, the time was up'),
    },
    {
      when: 'still fails with the cause of its execution',
      seen: { ...OVER, ...NOTHING, own: execution({ status: 'failed', cause: 'no space' }) },
      wanted: { links: 2 },
      then: fails('no space'),
    },
    {
      when: 'goes on a moment before',
      seen: { now: STARTED + 50 * MINUTE - 1, running: [execution()] },
      then: waits(EXECUTION),
    },
  ]);
});

describe('a call that was refused', () => {
  const late = { now: STARTED + POLICY_PATIENCE };
  rows([
    {
      when: 'is asked again when it may pass',
      seen: { ...late, trouble: failed('passing') },
      then: waits('CreateModelImportJob did not succeed: no'),
    },
    {
      when: 'is asked again after a conflict',
      seen: { ...late, trouble: failed('conflict') },
      then: waits('did not succeed'),
    },
    {
      when: 'is asked again while IAM spreads a policy',
      seen: { now: late.now - 1, trouble: failed('denied') },
      then: waits('did not succeed'),
    },
    {
      when: 'fails when it is still denied',
      seen: { ...late, trouble: failed('denied') },
      then: fails(`so ${ID} was not copied: no`, "handler's role"),
    },
    {
      when: 'fails when it is invalid',
      seen: { trouble: failed('invalid') },
      then: fails('was not copied', 'correct the cause'),
    },
    {
      when: 'fails for a quota',
      seen: { trouble: failed('quota') },
      then: fails('was not copied', 'correct the cause'),
    },
    {
      when: 'fails in the end when it never passes',
      seen: { ...OVER, trouble: failed('passing') },
      then: fails('after 50 minutes', 'did not succeed'),
    },
  ]);
});
