import { OWNER_TAGS } from '../../lib/contract';
import { nextDelete } from '../../lambda/imported-model/next-delete';
import { BEFORE_GONE, POLICY_PATIENCE } from '../../lambda/imported-model/patience';
import type { DeleteRequest } from '../../lambda/imported-model/request';
import type { Seen } from '../../lambda/imported-model/step';
import {
  CALM,
  DELETE,
  failed,
  fails,
  FORMER_STACK,
  justCompleted,
  looks,
  MINUTE,
  model,
  modelArn,
  NAME,
  named,
  OLD_NAME,
  OTHER_STACK,
  OUR_MARKS,
  OUR_TAGS,
  POLL,
  running,
  saying,
  STARTED,
  waits,
} from './fixtures';

interface Row {
  readonly when: string;
  readonly seen?: Partial<Seen>;
  readonly unwanted?: Partial<DeleteRequest>;
  readonly then: unknown;
}

const step = ({ seen, unwanted }: Row) => nextDelete({ ...POLL, ...seen }, { ...DELETE, ...unwanted });

const finishes = (...parts: readonly string[]) => ({ do: 'finish', why: saying(...parts) });
const GONE: Partial<Seen> = { unsettled: [], model: 'none' };
const DYING = { ...CALM, status: 'DELETE_IN_PROGRESS' };
const TIDYING = { ...CALM, status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' };
const NOBODY = { models: [], jobs: [] };
const deleted = { do: 'delete', model: model(), why: 'the stack wants it no more' };

describe('a model that is wanted no more', () => {
  test.each<Row>([
    { when: 'looks first for a job that still makes it', then: looks('unsettled') },
    {
      when: 'waits for that job, which cannot be stopped',
      seen: { unsettled: [running('other', 'x'), running('its', NAME)] },
      then: waits('its still runs and cannot be stopped'),
    },
    {
      when: 'waits when that job has just completed and the model is not visible',
      seen: { unsettled: [justCompleted('its', NAME)], model: 'none' },
      then: waits('its has just completed', 'not be visible yet'),
    },
    {
      when: 'looks at the model when that job has just completed',
      seen: { unsettled: [justCompleted('its', NAME)] },
      then: looks('model'),
    },
    {
      when: "waits for that job's model behind a stranger's of the same name, too",
      seen: { unsettled: [justCompleted('its', NAME)], model: model({ tags: {}, jobArn: '' }), owned: NOBODY },
      then: waits('its has just completed'),
    },
    {
      when: 'is deleted when that job has just completed',
      seen: { unsettled: [justCompleted('its', NAME)], model: model() },
      then: deleted,
    },
    { when: 'ignores jobs for other models', seen: { unsettled: [running('other', 'x')] }, then: looks('model') },
    { when: 'is deleted when it is ours', seen: { unsettled: [], model: model() }, then: deleted },
    {
      when: 'is awaited while it is being deleted, or a new stack would take it over',
      seen: { unsettled: [], model: model(), deleted: [modelArn(NAME)] },
      then: waits(NAME, 'still there'),
    },
    {
      when: 'without marks: asks for the job that made it',
      seen: { unsettled: [], model: model({ tags: {} }) },
      then: looks('maker'),
    },
    {
      when: 'without marks, made by our job: is marked first, or the handler may not delete it',
      seen: { unsettled: [], model: model({ tags: {} }), maker: OUR_TAGS },
      then: { do: 'mark', arn: modelArn(NAME), set: OUR_MARKS, drop: [] },
    },
    { when: 'that never was ours needs no call at all', unwanted: { name: '' }, then: finishes('never was a model') },
    {
      when: 'that never was ours is finished even after a failed call',
      seen: { trouble: failed('invalid') },
      unwanted: { name: '' },
      then: finishes('never was a model'),
    },
    { when: 'that is gone: looks at the stack', seen: GONE, then: looks('stack') },
    {
      when: 'that is gone: looks once more after a while, for a call of an earlier request',
      seen: { ...GONE, stack: CALM, now: STARTED + BEFORE_GONE - 1 },
      then: waits('nothing of an earlier request'),
    },
    {
      when: 'that is gone stays gone',
      seen: { ...GONE, stack: CALM, now: STARTED + BEFORE_GONE },
      then: finishes('the model is gone'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a model that is not ours stays', () => {
  const seen = (given: Partial<Seen>): Partial<Seen> => ({ unsettled: [], owned: NOBODY, stack: CALM, ...given });
  const strangers = model({ tags: {}, jobArn: '' });
  const behind = { ...named(NAME), arn: modelArn('behind'), isKept: true };
  const stays = finishes(NAME, 'is not ours and stays');
  test.each<Row>([
    {
      when: 'when another stack made it',
      seen: seen({ model: model({ tags: { ...OUR_TAGS, [OWNER_TAGS.stack]: OTHER_STACK } }) }),
      then: stays,
    },
    {
      when: 'when a former stack of the same name retained it',
      seen: seen({ model: model({ tags: { ...OUR_TAGS, [OWNER_TAGS.stack]: FORMER_STACK } }) }),
      then: stays,
    },
    {
      when: 'when another resource made it',
      seen: seen({ model: model({ tags: { ...OUR_TAGS, [OWNER_TAGS.resource]: 'Second' } }) }),
      then: stays,
    },
    { when: 'when nobody marked it nor its job', seen: seen({ model: model({ tags: {} }), maker: {} }), then: stays },
    { when: 'when no job made it', seen: seen({ model: strangers }), then: stays },
    {
      when: 'but ours may stand behind it: looks at what is ours',
      seen: seen({ model: strangers, owned: undefined }),
      then: looks('owned'),
    },
    {
      when: 'and ours behind it is deleted',
      seen: seen({ model: strangers, owned: { models: [named(OLD_NAME), behind], jobs: [] } }),
      then: { ...deleted, model: behind },
    },
    {
      when: 'and ours behind it is awaited while it is being deleted',
      seen: seen({ model: strangers, owned: { models: [behind], jobs: [] }, deleted: [behind.arn] }),
      then: waits(NAME, 'still there'),
    },
    {
      when: 'and what is ours under another name stays, too',
      seen: seen({ model: strangers, owned: { models: [named(OLD_NAME)], jobs: [] } }),
      then: stays,
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('what failed updates left', () => {
  const orphan = named('gpt-oss-20b-bbbbbbbbbb');
  const seen = (owned: Seen['owned'], stack = DYING): Partial<Seen> => ({ ...GONE, stack, owned });
  test.each<Row>([
    { when: 'is looked for when the whole stack goes', seen: seen(undefined), then: looks('owned') },
    {
      when: 'is deleted with the stack',
      seen: seen({ models: [orphan], jobs: [] }),
      then: { do: 'delete', model: orphan, why: 'an update that failed left it' },
    },
    {
      when: 'is awaited while it is being deleted',
      seen: { ...seen({ models: [orphan], jobs: [] }), deleted: [orphan.arn] },
      then: waits(orphan.name, 'still there'),
    },
    {
      when: 'is awaited while its job runs',
      seen: seen({ models: [], jobs: [running('orphans', orphan.name)] }),
      then: waits('orphans', orphan.name),
    },
    {
      when: 'is awaited when its job has just completed',
      seen: seen({ models: [], jobs: [justCompleted('orphans', orphan.name)] }),
      then: waits('orphans', 'is not over', orphan.name),
    },
    { when: 'may be nothing', seen: seen(NOBODY), then: finishes('the model is gone') },
    {
      when: 'is deleted although the model itself is not ours',
      seen: { ...seen({ models: [orphan], jobs: [] }), model: model({ tags: {}, jobArn: '' }) },
      then: { do: 'delete', model: orphan, why: 'an update that failed left it' },
    },
    {
      when: 'is left alone when it is kept',
      seen: seen({ models: [{ ...orphan, isKept: true }], jobs: [] }),
      then: finishes('the model is gone'),
    },
    {
      when: 'in clean-up: asks whether the resource is removed',
      seen: seen(undefined, TIDYING),
      then: looks('declared'),
    },
    {
      when: 'is looked for when the resource was removed from the template',
      seen: { ...seen(undefined, TIDYING), declared: false },
      then: looks('owned'),
    },
    {
      when: 'is left alone when the resource was replaced: its new model lives',
      seen: { ...seen(undefined, TIDYING), declared: true },
      then: finishes('the model is gone'),
    },
    {
      when: 'is left alone while a stack is updated',
      seen: seen(undefined, CALM),
      then: finishes('the model is gone'),
    },
    {
      when: 'is left alone while a stack is rolled back',
      seen: seen(undefined, { ...CALM, status: 'ROLLBACK_IN_PROGRESS' }),
      then: finishes('the model is gone'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a link after the first', () => {
  const second = { link: 2 };
  const late = { now: STARTED + 50 * MINUTE };
  const its = { unsettled: [running('its', NAME)] };
  test.each<Row>([
    { when: 'waits for the job as well', seen: its, unwanted: second, then: waits('its still runs') },
    {
      when: 'leaves a job that has just completed to the first link',
      seen: { unsettled: [justCompleted('its', NAME)] },
      unwanted: second,
      then: finishes('the first link deletes'),
    },
    { when: 'deletes no model', seen: { unsettled: [] }, unwanted: second, then: finishes('the first link deletes') },
    {
      when: 'leaves a job that outlasts it to the first link',
      seen: { ...late, ...its },
      unwanted: second,
      then: finishes('left to the first link', 'its still runs'),
    },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('a call that failed', () => {
  const at = (milliseconds: number, trouble: Seen['trouble']) => ({ now: STARTED + milliseconds, trouble });
  const denied = failed('denied', 'AccessDeniedException: no', 'DeleteImportedModel');
  test.each<Row>([
    { when: 'in passing: waits', seen: { trouble: failed('passing', 'slow', 'X') }, then: waits('X did not', 'slow') },
    { when: 'on a model in use: waits', seen: { trouble: failed('conflict', 'in use') }, then: waits('in use') },
    { when: 'denied early: waits', seen: at(POLICY_PATIENCE - 1, denied), then: waits('DeleteImportedModel') },
    {
      when: 'fails when denied late',
      seen: at(POLICY_PATIENCE, denied),
      then: fails('DeleteImportedModel failed', NAME, 'AccessDeniedException', 'service control policies'),
    },
    {
      when: 'fails when invalid',
      seen: { trouble: failed('invalid', 'bad') },
      then: fails(NAME, 'bad', 'correct the cause'),
    },
    { when: 'fails for a quota', seen: { trouble: failed('quota', 'tags') }, then: fails(NAME, 'tags') },
    { when: 'fails for a role', seen: { trouble: failed('role', 'role') }, then: fails(NAME, 'role') },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});

describe('when the time is up', () => {
  const late = { now: STARTED + 50 * MINUTE };
  const its = { unsettled: [running('its', NAME)] };
  test.each<Row>([
    { when: 'is not up a moment before', seen: { now: late.now - 1, ...its }, then: waits('its') },
    {
      when: 'fails on the first link',
      seen: { ...late, ...its },
      then: fails(NAME, '50 minutes', 'its', 'delete the stack again'),
    },
    { when: 'still deletes', seen: { ...late, unsettled: [], model: model() }, then: deleted },
    { when: 'still finishes', seen: { ...late, ...GONE, stack: CALM }, then: finishes('the model is gone') },
  ])('$when', (row) => {
    expect(step(row)).toEqual(row.then);
  });
});
