import { type ImportAttributes, OWNER_TAGS } from '../../lib/contract';
import { isAlive, ROLLING_BACK } from './alive';
import * as say from './messages';
import { isKept, isOurs, ownership, ownerTags } from './ownership';
import { BEFORE_CREATE, BEFORE_LISTED, POLICY_PATIENCE, ROLE_PATIENCE, VISIBLE_PATIENCE } from './patience';
import type { CallFailed, Model, NamedModel, TagMap } from './port';
import type { ImportRequest } from './request';
import { fail, look, type Seen, type Step, wait } from './step';
import { sweep } from './sweep';

/**
 * The next thing to do for a Create or an Update, from what this poll has seen so far. Pure, and safe to ask at any
 * point: an import that is half done, done by another poll, or not begun all lead to the right step.
 */
export function nextImport(seen: Seen, wanted: ImportRequest): Step {
  const step = inTime(seen, wanted);
  // a first deployment that fails keeps the bucket made for the upload, and the next would make another
  const leavesUpload = step.do === 'fail' && wanted.type === 'Create' && wanted.waitForUpload;
  return leavesUpload ? fail(`${step.why} ${say.uploadStays(wanted)}`) : step;
}

function inTime(seen: Seen, wanted: ImportRequest): Step {
  const step = towardsModel(seen, wanted);
  if (seen.now < seen.started + wanted.timeoutSeconds * 1000) return step;
  if (step.do === 'wait') return late(seen, wanted, step.why);
  // nobody here would wait for the job, and it cannot be stopped
  return step.do === 'create' ? late(seen, wanted, say.noTurn(wanted, seen.unsettled ?? [])) : step;
}

function towardsModel(seen: Seen, wanted: ImportRequest): Step {
  if (seen.trouble) return troubled(seen, wanted, seen.trouble);
  if (seen.job === undefined) return look('job');
  if (seen.job !== 'none') {
    // no member of the answer is documented as always there
    if (seen.job.modelName !== '' && seen.job.modelName !== wanted.name)
      return fail(say.strangersJob(wanted, seen.job));
    if (seen.job.status === 'Failed') return fail(say.importFailed(wanted, seen.job));
    if (seen.job.status === 'InProgress') return wait(say.importing(wanted, seen.job));
  }
  if (seen.model === undefined) return look('model');
  if (seen.model !== 'none') return withModel(seen, wanted, seen.model);
  if (seen.job !== 'none') {
    const { endedAt = seen.now } = seen.job;
    const isLost = seen.now >= endedAt + VISIBLE_PATIENCE;
    return isLost ? fail(say.goneAfterImport(wanted, seen.job)) : wait(say.notVisibleYet(wanted, seen.job));
  }
  return towardsJob(seen, wanted);
}

function withModel(seen: Seen, wanted: ImportRequest, model: Model): Step {
  switch (ownership(model, wanted.owner, seen.maker)) {
    case 'unclear':
      return look('maker');
    case 'stranger':
      // nobody has confirmed that names are unique: ours may stand behind it
      if (seen.owned === undefined) return look('owned');
      if (seen.owned.models.some(({ name }) => name === wanted.name)) return look('namesake');
      return fail(say.strangersModel(wanted, model));
    case 'former':
      if (seen.upload === undefined) return look('upload');
      if (seen.upload.state !== 'whole' || seen.upload.listing !== model.tags[OWNER_TAGS.listing]) {
        return fail(say.formerModelDiffers(wanted, model));
      }
      break;
    case 'ours':
  }
  return (
    tagged(seen, wanted, model) ??
    keptReplaced(seen, wanted) ??
    swept(seen, wanted) ??
    kept(seen, wanted, model) ?? { do: 'finish', why: 'the model is there', attributes: attributesOf(model) }
  );
}

function towardsJob(seen: Seen, wanted: ImportRequest): Step {
  if (seen.upload === undefined) return look('upload');
  if (seen.upload.state === 'broken') return fail(say.brokenWeights(wanted, seen.upload));
  if (seen.upload.state !== 'whole') {
    return wanted.waitForUpload
      ? wait(say.waitingForWeights(wanted, seen.upload))
      : fail(say.noWeights(wanted, seen.upload));
  }
  if (seen.unsettled === undefined) return look('unsettled');
  const sameModel = seen.unsettled.find((job) => job.modelName === wanted.name);
  if (sameModel) return wait(say.importing(wanted, sameModel));
  // a slot held by an orphan of ours is free once it is swept; its running job just means waiting in line below
  const before = swept(seen, wanted);
  if (before && before.do !== 'wait') return before;
  if (seen.asked !== undefined) return answered(seen, wanted, seen.asked, before);
  const running = seen.unsettled.filter(({ isRunning }) => isRunning);
  if (running.length > 0) return wait(say.inLine(wanted, running));
  const wrong = examined(seen, wanted);
  if (wrong) return wrong;
  if (seen.now < seen.started + BEFORE_CREATE)
    return wait('giving a cancelled request time to show before a job is made');
  return keptReplaced(seen, wanted) ?? fence(seen, wanted) ?? { do: 'create' };
}

/** Reads the weights themselves, which is done only when a job can be made. */
function examined(seen: Seen, wanted: ImportRequest): Step | undefined {
  if (wanted.lockHash !== '') {
    if (seen.lock === undefined) return look('lock');
    if (seen.lock.length > 0) return fail(say.notLocked(wanted, seen.lock));
  }
  if (seen.errors === undefined) return look('errors');
  return seen.errors.length > 0 ? fail(say.wrongWeights(wanted, seen.errors)) : undefined;
}

/** A request that CloudFormation gave up neither makes a job nor takes the model of a later request for an orphan. */
function fence(seen: Seen, wanted: ImportRequest): Step | undefined {
  if (seen.stack === undefined) return look('stack');
  if (!isAlive(wanted, seen.stack, seen.noted)) return fail(say.superseded(wanted, seen.stack));
  if (seen.stack.status !== ROLLING_BACK) return undefined;
  // an update that was cancelled before it came here has seen nothing but the rollback
  if (seen.resource === undefined) return look('resource');
  return /_(COMPLETE|FAILED)$/.test(seen.resource) ? fail(say.superseded(wanted, seen.stack)) : undefined;
}

function answered(seen: Seen, wanted: ImportRequest, answer: NonNullable<Seen['asked']>, sweeping?: Step): Step {
  if (answer === 'accepted') return wait(say.importing(wanted, { name: wanted.jobName }));
  switch (answer.kind) {
    case 'quota':
      if (seen.unsettled && seen.unsettled.length > 0) return wait(say.inLine(wanted, seen.unsettled));
      if (sweeping) return sweeping;
      if (!seen.paused) return { do: 'pause', milliseconds: BEFORE_LISTED, why: say.perhapsInLine(wanted) };
      return seen.models === undefined ? look('models') : fail(say.noRoom(wanted, seen.models));
    case 'conflict': // a twin of this poll was faster: the next poll sees its job
      return wait(say.nameTaken(wanted, answer));
    case 'role':
      return within(seen, ROLE_PATIENCE) ? wait(say.roleNotReady(wanted)) : fail(say.roleRefused(wanted, answer));
    case 'passing':
    case 'denied':
    case 'invalid':
      return troubled(seen, wanted, answer);
  }
}

function troubled(seen: Seen, wanted: ImportRequest, trouble: CallFailed): Step {
  switch (trouble.kind) {
    case 'passing':
    case 'conflict':
      return wait(say.noAnswer(trouble));
    case 'denied':
      return within(seen, POLICY_PATIENCE) ? wait(say.noAnswer(trouble)) : fail(say.refused(wanted, trouble));
    case 'role':
    case 'quota':
    case 'invalid':
      return fail(say.refused(wanted, trouble));
  }
}

/** Brings the model's tags in line; keys that nobody here ever set are left alone. */
function tagged(seen: Seen, wanted: ImportRequest, model: Model): Step | undefined {
  const all: TagMap = { ...wanted.tags, ...ownerTags(wanted.owner) };
  const stays: string[] = [OWNER_TAGS.listing, ...(wanted.keepRemoved ? [OWNER_TAGS.kept] : [])];
  const set = Object.fromEntries(
    Object.entries(all).filter(([key, value]) => !stays.includes(key) && model.tags[key] !== value),
  );
  const drop = [...new Set([...wanted.droppedTags, OWNER_TAGS.kept])].filter(
    (key) => key in model.tags && !(key in all) && !stays.includes(key),
  );
  return Object.keys(set).length + drop.length > 0 ? marked(seen, wanted, model, set, drop) : undefined;
}

/** The last thing before the answer: an update that failed after it would leave a model that nobody sweeps. */
function kept(seen: Seen, wanted: ImportRequest, model: Model): Step | undefined {
  if (!wanted.keepRemoved || isKept(model.tags)) return undefined;
  return marked(seen, wanted, model, { [OWNER_TAGS.kept]: 'true' }, []);
}

/** CloudFormation sends no Delete for a replaced model that the template retains: it is kept from being swept, too. */
function keptReplaced(seen: Seen, wanted: ImportRequest): Step | undefined {
  if (!wanted.keepReplaced || wanted.type === 'Create' || wanted.link > 1 || wanted.physicalId === wanted.name)
    return undefined;
  // what a rollback replaces is the failed update's, and CloudFormation deletes that whatever the policy says
  if (seen.noted?.status === ROLLING_BACK) return undefined;
  if (seen.replaced === undefined) return look('replaced');
  if (seen.replaced === 'none') return undefined;
  const keep = { [OWNER_TAGS.kept]: 'true' };
  if (isOurs(seen.replaced.tags, wanted.owner))
    return isKept(seen.replaced.tags) ? undefined : marked(seen, wanted, seen.replaced, keep, []);
  // ours may stand behind a stranger's of the same name
  if (seen.owned === undefined) return look('owned');
  const namesake = seen.owned.models.find(({ name }) => name === wanted.physicalId);
  return namesake && !namesake.isKept ? marked(seen, wanted, namesake, keep, []) : undefined;
}

/** Tags are set behind the fence: a request that was given up would undo what a later one has set. */
function marked(seen: Seen, wanted: ImportRequest, model: NamedModel, set: TagMap, drop: readonly string[]): Step {
  return fence(seen, wanted) ?? { do: 'mark', arn: model.arn, set, drop };
}

/**
 * One resource owns at most two models: the wanted one, and the one it came with. Anything else with our marks is
 * left of an update that failed while its job ran.
 */
function swept(seen: Seen, wanted: ImportRequest): Step | undefined {
  if (wanted.type !== 'Update' || wanted.link > 1) return undefined;
  const step = sweep(seen, [wanted.name, wanted.physicalId]);
  return step?.do === 'delete' ? (fence(seen, wanted) ?? step) : step;
}

function late(seen: Seen, wanted: ImportRequest, last: string): Step {
  const { model } = seen;
  if (model !== undefined && model !== 'none' && ownership(model, wanted.owner, seen.maker) === 'ours') {
    return {
      do: 'finish',
      why: `the model is there; left to the next event: ${last}`,
      attributes: attributesOf(model),
    };
  }
  if (wanted.link < wanted.links) {
    return { do: 'finish', why: `handing on to wait ${wanted.link + 1}: ${last}`, attributes: notYet(wanted) };
  }
  return fail(say.timedOut(wanted, last));
}

function within(seen: Seen, milliseconds: number): boolean {
  return seen.now < seen.started + milliseconds;
}

function attributesOf(model: Model): ImportAttributes {
  return {
    ModelArn: model.arn,
    ModelName: model.name,
    ModelArchitecture: model.architecture,
    JobArn: model.jobArn,
    JobName: model.jobName,
    CustomModelUnitsPerModelCopy: model.unitsPerCopy,
    CustomModelUnitsVersion: model.unitsVersion,
  };
}

function notYet(wanted: ImportRequest): ImportAttributes {
  return {
    ModelArn: '',
    ModelName: wanted.name,
    ModelArchitecture: '',
    JobArn: '',
    JobName: wanted.jobName,
    CustomModelUnitsPerModelCopy: '',
    CustomModelUnitsVersion: '',
  };
}
