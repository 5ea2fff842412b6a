import { nextRemoval } from '../../../lambda/hub-copies/next-removal';
import { ANY_COPY, executionFamily, type UnwantedCopy } from '../../../lambda/hub-copies/request';
import type { Seen } from '../../../lambda/hub-copies/seen';
import { POLICY_PATIENCE } from '../../../lambda/imported-model/patience';
import {
  CALM,
  execution,
  failed,
  fails,
  ID,
  looks,
  MINUTE,
  OTHER_ID,
  OTHER_PLACE,
  PLACE,
  POLL,
  saying,
  STARTED,
  UNWANTED,
  waits,
} from './fixtures';

interface Row {
  readonly when: string;
  readonly seen?: Partial<Seen>;
  readonly unwanted?: Partial<UnwantedCopy>;
  readonly then: unknown;
}

const step = ({ seen, unwanted }: Row) => nextRemoval({ ...POLL, ...seen }, { ...UNWANTED, ...unwanted });
const rows = (table: readonly Row[]) => {
  test.each(table)('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
};

const stack = (status: string) => ({ stack: { ...CALM, status } });
const done = (...parts: string[]) => ({ do: 'finish', why: saying(...parts) });
const stops = (...names: string[]) => ({ do: 'stop', arns: names.map((name) => `arn:${name}`) });

const LATER = { now: STARTED + 30_000 };
const CLEAN_UP = { ...stack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'), declared: true, current: OTHER_ID };
const UNDONE = { ...stack('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'), declared: true, current: OTHER_ID };
const DESTROY = { ...stack('DELETE_IN_PROGRESS'), declared: true };

const THIS = execution();
const IN_USE = execution({ name: `${executionFamily(OTHER_PLACE)}1` });
const STRAY = execution({ name: `${ANY_COPY}${'0'.repeat(16)}-1` });
const ALL = [THIS, IN_USE, STRAY];

describe('looks at one thing after the other', () => {
  rows([
    { when: 'first at the stack', then: looks('stack') },
    { when: 'then whether its template has the resource', seen: stack('DELETE_IN_PROGRESS'), then: looks('declared') },
    {
      when: 'then, of one that stays, at the copy that is in use',
      seen: { ...CLEAN_UP, current: undefined },
      then: looks('current'),
    },
    { when: 'then at what runs', seen: CLEAN_UP, then: looks('running') },
    { when: 'of one that goes, at what runs at once', seen: DESTROY, then: looks('running') },
  ]);
});

const givesUp = { do: 'give-up', prefix: PLACE.prefix };

describe('a stack that goes leaves nothing', () => {
  rows([
    {
      when: 'everything that runs is stopped first',
      seen: { ...DESTROY, running: ALL },
      then: stops(THIS.name, IN_USE.name, STRAY.name),
    },
    {
      when: 'what still runs after it is waited for',
      seen: { ...DESTROY, running: ALL, stopped: true },
      then: waits(THIS.name, 'is being stopped'),
    },
    { when: 'then all goes', seen: { ...DESTROY, running: [] }, then: { do: 'remove' } },
    {
      when: 'something that was removed may be followed by more',
      seen: { ...DESTROY, ...LATER, running: [], removed: 3 },
      then: waits('still appears'),
    },
    {
      when: 'so may nothing, just after the request',
      seen: { ...DESTROY, running: [], removed: 0 },
      then: waits('still appears'),
    },
    { when: 'then it is done', seen: { ...DESTROY, ...LATER, running: [], removed: 0 }, then: done('copies are gone') },
    {
      when: 'a Create that is rolled back',
      seen: { ...stack('ROLLBACK_IN_PROGRESS'), declared: true, running: [] },
      then: { do: 'remove' },
    },
    {
      when: 'a resource that left the template',
      seen: { ...CLEAN_UP, declared: false, running: [] },
      then: { do: 'remove' },
    },
    {
      when: 'a resource that only the failed update had',
      seen: { ...UNDONE, declared: false, running: [] },
      then: { do: 'remove' },
    },
    {
      when: 'a Create that was given up has an invented id',
      seen: { ...UNDONE, running: [STRAY] },
      unwanted: { place: undefined },
      then: stops(STRAY.name),
    },
    {
      when: 'and all of it goes, whatever the template says',
      seen: { ...UNDONE, running: [] },
      unwanted: { place: undefined },
      then: { do: 'remove' },
    },
  ]);
});

describe('clean-up keeps the copy that is in use', () => {
  rows([
    {
      when: 'and stops every other execution',
      seen: { ...CLEAN_UP, running: ALL },
      then: stops(THIS.name, STRAY.name),
    },
    {
      when: 'and removes all but its folder',
      seen: { ...CLEAN_UP, running: [IN_USE] },
      then: { do: 'remove', kept: OTHER_PLACE.prefix },
    },
    {
      when: 'and touches nothing when asked to delete just that',
      seen: { ...CLEAN_UP, current: ID },
      then: done('in use'),
    },
    { when: 'also when its id tells the branch', seen: { ...CLEAN_UP, current: `${ID}@main` }, then: done('in use') },
    {
      when: 'and removes everything from a bucket that it is not in',
      seen: { ...CLEAN_UP, current: OTHER_ID.replace('weights', 'given'), running: [] },
      then: { do: 'remove' },
    },
    {
      when: 'and removes nothing when nobody knows which it is',
      seen: { ...CLEAN_UP, ...LATER, current: '', running: [], givenUp: 0 },
      then: done('nobody knows'),
    },
    {
      when: 'and then stops only executions for the unwanted',
      seen: { ...CLEAN_UP, current: '', running: ALL },
      then: stops(THIS.name),
    },
  ]);
});

describe('a rollback keeps what was copied for the next attempt', () => {
  rows([
    { when: 'and stops the failed attempt only', seen: { ...UNDONE, running: ALL }, then: stops(THIS.name) },
    { when: 'and gives up what it has begun', seen: { ...UNDONE, running: [] }, then: givesUp },
    {
      when: 'and outlasts a start that is under way',
      seen: { ...UNDONE, running: [], givenUp: 0 },
      then: waits('still appears'),
    },
    {
      when: 'and looks again after it gave something up',
      seen: { ...UNDONE, ...LATER, running: [], givenUp: 1 },
      then: waits('still appears'),
    },
    { when: 'and is done', seen: { ...UNDONE, ...LATER, running: [STRAY], givenUp: 0 }, then: done('next attempt') },
    {
      when: 'but for a bucket that only the failed update had',
      seen: { ...UNDONE, running: [] },
      unwanted: { bucket: 'new', place: { ...OTHER_PLACE, bucket: 'new' } },
      then: { do: 'remove' },
    },
  ]);
});

describe('a bucket that was given is never cleaned', () => {
  const unwanted = { removes: false };
  rows([
    {
      when: 'in a destroy',
      seen: { ...DESTROY, ...LATER, running: [], givenUp: 0 },
      unwanted,
      then: done('given stay'),
    },
    {
      when: 'in clean-up',
      seen: { ...CLEAN_UP, ...LATER, running: [], givenUp: 0 },
      unwanted,
      then: done('given stay'),
    },
    { when: 'but for what was begun and not finished', seen: { ...DESTROY, running: [] }, unwanted, then: givesUp },
    { when: 'though executions are stopped', seen: { ...DESTROY, running: [THIS] }, unwanted, then: stops(THIS.name) },
  ]);
});

describe('a Delete that came late touches nothing', () => {
  const since = (milliseconds: number) => ({
    stack: { ...CALM, since: new Date(STARTED + milliseconds).toISOString() },
  });
  const unwanted = { sentAt: STARTED };
  rows([
    { when: 'of a stack that was changed again', seen: since(MINUTE), unwanted, then: done('changed again') },
    { when: 'but the clocks may differ', seen: since(1000), unwanted, then: looks('declared') },
    { when: 'and one whose time nobody knows is not late', seen: since(MINUTE), then: looks('declared') },
  ]);
});

describe('when something is in the way', () => {
  const late = { now: STARTED + POLICY_PATIENCE };
  const over = { now: STARTED + 50 * MINUTE };
  rows([
    {
      when: 'a further link has nothing to remove',
      unwanted: { link: 2 },
      seen: { trouble: failed('invalid') },
      then: done('first link'),
    },
    {
      when: 'what may pass is asked again',
      seen: { ...late, trouble: failed('passing') },
      then: waits('did not succeed'),
    },
    { when: 'a policy may still spread', seen: { trouble: failed('denied') }, then: waits('did not succeed') },
    {
      when: 'fails when it is still denied',
      seen: { ...late, trouble: failed('denied') },
      then: fails('the copies in weights were not removed', "handler's role"),
    },
    { when: 'fails at what no waiting mends', seen: { trouble: failed('invalid') }, then: fails('were not removed') },
    {
      when: 'fails when the time is up',
      seen: { ...over, ...DESTROY, running: ALL, stopped: true },
      then: fails('could not be removed in time', THIS.name, 'delete the stack again'),
    },
  ]);
});
