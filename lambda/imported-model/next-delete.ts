import * as say from './messages';
import { isOurs, ownership, ownerTags } from './ownership';
import { BEFORE_GONE, POLICY_PATIENCE } from './patience';
import type { CallFailed, Model, NamedModel } from './port';
import type { DeleteRequest } from './request';
import { fail, look, type Seen, type Step, wait } from './step';
import { sweep } from './sweep';

/** The next thing to do for a Delete, from what this poll has seen so far. What is gone counts as deleted. */
export function nextDelete(seen: Seen, unwanted: DeleteRequest): Step {
  const step = towardsNothing(seen, unwanted);
  if (step.do !== 'wait' || seen.now < seen.started + unwanted.timeoutSeconds * 1000) return step;
  return unwanted.link > 1
    ? finish(`left to the first link: ${step.why}`)
    : fail(say.deleteTimedOut(unwanted, step.why));
}

const CLEANING_UP = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';

function towardsNothing(seen: Seen, unwanted: DeleteRequest): Step {
  if (unwanted.name === '') return finish('there never was a model of ours');
  if (seen.trouble) return troubled(seen, unwanted, seen.trouble);
  if (seen.unsettled === undefined) return look('unsettled');
  const job = seen.unsettled.find((unsettled) => unsettled.modelName === unwanted.name);
  if (job?.isRunning) return wait(`import job ${job.name} still runs and cannot be stopped; its model goes next`);
  if (unwanted.link > 1) return finish('the first link deletes the model');
  if (seen.model === undefined) return look('model');
  if (seen.model !== 'none') {
    const step = withModel(seen, unwanted, seen.model);
    if (step) return step;
  }
  if (job) return wait(`import job ${job.name} has just completed; its model may not be visible yet`);
  if (seen.stack === undefined) return look('stack');
  // clean-up deletes what was replaced as well, and then the new model lives
  if (seen.stack.status === CLEANING_UP && seen.declared === undefined) return look('declared');
  if (seen.stack.status === 'DELETE_IN_PROGRESS' || seen.declared === false) {
    const step = sweep(seen, []);
    if (step) return step;
  }
  if (seen.now < seen.started + BEFORE_GONE)
    return wait('making sure that nothing of an earlier request still appears');
  return finish(seen.model === 'none' ? 'the model is gone' : `the model ${unwanted.name} is not ours and stays`);
}

function withModel(seen: Seen, unwanted: DeleteRequest, model: Model): Step | undefined {
  const whose = ownership(model, unwanted.owner, seen.maker);
  if (whose === 'unclear') return look('maker');
  if (whose === 'ours') return marked(model, unwanted) ?? deleted(seen, model);
  // nobody has confirmed that names are unique: ours may stand behind a stranger's of the same name
  if (seen.owned === undefined) return look('owned');
  const namesake = seen.owned.models.find(({ name }) => name === unwanted.name);
  return namesake && deleted(seen, namesake);
}

/** Deletes once a poll, and is not done before the model is gone: a new stack would take it for one to keep. */
function deleted(seen: Seen, model: NamedModel): Step {
  return seen.deleted?.includes(model.arn)
    ? wait(say.stillThere(model))
    : { do: 'delete', model, why: 'the stack wants it no more' };
}

/** The handler may delete only what carries our marks; a model's tags can become visible later than the model. */
function marked(model: Model, unwanted: DeleteRequest): Step | undefined {
  if (isOurs(model.tags, unwanted.owner)) return undefined;
  return { do: 'mark', arn: model.arn, set: ownerTags(unwanted.owner), drop: [] };
}

function troubled(seen: Seen, unwanted: DeleteRequest, trouble: CallFailed): Step {
  switch (trouble.kind) {
    case 'passing':
    case 'conflict': // in use, or its import still ends
      return wait(say.noAnswer(trouble));
    case 'denied':
      return seen.now < seen.started + POLICY_PATIENCE
        ? wait(say.noAnswer(trouble))
        : fail(say.deleteRefused(unwanted, trouble));
    case 'role':
    case 'quota':
    case 'invalid':
      return fail(say.deleteRefused(unwanted, trouble));
  }
}

function finish(why: string): Step {
  return { do: 'finish', why };
}
