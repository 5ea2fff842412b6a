import { ANY_MODEL, type ModelPlan, type OtherPlan } from './apps';
import type { Chapter, Deed, History, Meanwhile } from './history';

/** Histories that need several things to meet, which random ones do once in thousands. */

const destroy: Chapter = { what: 'destroy', stack: 'One' };

/** Kept when it was replaced, and still there when the model is replaced once more. */
export const replacedTwice = history([
  deploy({ keepReplaced: true }),
  again({ prefix: 'v2' }),
  again({ prefix: 'v3' }),
]);

/** The stack that is made anew wants what its forerunner kept. */
export const retainedAndWantedAgain = history([deploy({ retain: true }), destroy, again({})]);

/** The same, but the prefix holds other bytes by then. */
export const retainedAndOutdated = history([deploy({ retain: true }), destroy, pass(1, 'change-weights'), again({})]);

/** Somebody else's model has the name that ours had, and gets again. */
export const nameTakenBeforeDeploy = history([deploy({}), destroy, pass(30, 'take-our-names'), again({})], {
  bedrock: { duplicateModelName: 'allowed' },
});

/** Somebody else's model has the name of ours, and Bedrock answers with the newer one. */
export const nameSharedAtDestroy = history([deploy({}), pass(30, 'take-our-names'), destroy], {
  bedrock: { duplicateModelName: 'allowed' },
});

/** The replacement finds the old model in the account's only slot. */
export const noRoom = history([deploy({}), again({ prefix: 'v2' })], { bedrock: { maxModels: 1 } });

/** A chain of waits that gets shorter. */
export const fewerWaits = history([deploy({ links: 3 }), again({ links: 1 })]);

/** A cancelled update waits on for weights, which come when a later update has made a model that it never heard of. */
export const weightsForAGivenUpUpdate = history([
  deploy({}),
  again({ prefix: 'v2', upload: true }, [{ after: 60, deed: 'cancel' }]),
  again({ prefix: 'v3', upload: false }),
  pass(10, 'upload'),
]);

/** A cancelled change of tags comes to the model only after its rollback did. */
export const tagsOfAGivenUpUpdate = history(
  [deploy({}), again({ tag: 'a' }, [{ after: 20, deed: 'cancel' }]), pass(1)],
  {
    calls: [{ operation: 'GetImportedModel', skip: 3, times: 4, kind: 'throttled' }],
  },
);

/** A creation is cancelled between its fence and the job that the call behind it makes, which takes four seconds. */
export const cancelledBehindTheFence = history(
  [deploy({}, [], { when: 'beside', seconds: 17, failsOn: 'Create', change: 1 })],
  { calls: [{ operation: 'CreateModelImportJob', skip: 0, times: 1, kind: 'timeout-late' }] },
);

/** The weights are there in time, and the next poll is not. */
export const weightsAtTheDeadline = history([deploy({ upload: true }, [{ after: 2995, deed: 'upload' }])]);

/** The request comes twice, both ask for the job at once, and nobody can see it yet. */
export const twinsAtTheJob = history([deploy({})], {
  provider: { late: [{ nth: 0, seconds: 0, again: 0 }], startExecution: [], servicePolls: [] },
  bedrock: { jobVisibleDelaySeconds: 10, repeatedToken: 'conflict' },
});

/** The stack goes while its model is in use. */
export const destroyedInUse = history([deploy({}), pass(1, 'use-the-models'), destroy], {
  bedrock: { deleteWhileInUse: 'conflict' },
});

/** Two models of one stack, one after the other. */
export const twoModels = history([
  {
    what: 'deploy',
    stack: 'One',
    plan: { models: [ANY_MODEL, { ...ANY_MODEL, id: 'Second' }] },
    meanwhile: [],
  },
]);

function history(chapters: readonly Chapter[], instead: Partial<History> = {}): History {
  return {
    chapters,
    calls: [],
    provider: { late: [], startExecution: [], servicePolls: [] },
    bedrock: {},
    cloudFormation: { failedUpdate: 'keeps-new', replacedRollback: 'update' },
    ...instead,
  };
}

function deploy(model: Partial<ModelPlan>, meanwhile: readonly Meanwhile[] = [], other?: OtherPlan): Chapter {
  const plan = { models: [{ ...ANY_MODEL, ...model }], ...(other && { other }) };
  return { what: 'deploy', stack: 'One', plan, meanwhile };
}

function again(change: Partial<ModelPlan>, meanwhile: readonly Meanwhile[] = []): Chapter {
  return { what: 'again', stack: 'One', change, other: undefined, meanwhile };
}

function pass(minutes: number, deed?: Deed): Chapter {
  return { what: 'pass', minutes, deed };
}
