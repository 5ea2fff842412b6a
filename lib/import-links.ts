import { CfnDeletionPolicy, CfnResource, Duration, IResolvable, Lazy, Tokenization } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  IMPORT_WAIT_TYPE,
  IMPORTED_MODEL_TYPE,
  ImportAttributes,
  ImportProperties,
  MINUTES_PER_LINK,
} from './contract';

/** CloudFormation's limit for one custom resource, in seconds; each link has its own hour. */
const SERVICE_TIMEOUT = '3600';

const SECONDS_PER_LINK = MINUTES_PER_LINK * 60;

/** A new role alone may take minutes to be accepted; less than this fails imports that are fine. */
const MIN_TIMEOUT = Duration.minutes(5);

/**
 * No import is reported to take hours, but they queue for one slot in the account, and an upload may come in between.
 * Twelve hours is also the longest that CloudFormation itself waits for anything (a wait condition).
 */
const MAX_TIMEOUT = Duration.hours(12);

/** The properties that all links have in common, as they are written at synth. */
export type SharedProperties = Omit<
  ImportProperties,
  | 'TimeoutSeconds'
  | 'Link'
  | 'Links'
  | 'KeepRemoved'
  | 'KeepReplaced'
  | 'Owner'
  | 'ImportedModelName'
  | 'JobName'
  | 'Tags'
> & { readonly ServiceToken: string; readonly Tags: IResolvable };

/** Refuses a timeout that no chain of links should wait. */
export function requireTimeout(timeout: Duration, name = 'timeout'): void {
  if (timeout.isUnresolved()) {
    requireSeconds(timeout, name);
    return;
  }
  const seconds = timeout.toSeconds({ integral: false });
  if (seconds < MIN_TIMEOUT.toSeconds() || seconds > MAX_TIMEOUT.toSeconds()) {
    throw new Error(
      `'${name}' must be ${MIN_TIMEOUT.toHumanString()} to ${MAX_TIMEOUT.toHumanString()}, got ${timeout.toHumanString()}; an import takes 10 to 30 minutes, and the default is ${MINUTES_PER_LINK} minutes`,
    );
  }
  if (!Number.isInteger(seconds)) {
    throw new Error(
      `'${name}' must be a whole number of seconds, got ${seconds}; round it, for example to Duration.seconds(${Math.ceil(seconds)})`,
    );
  }
}

function requireSeconds(timeout: Duration, name: string): void {
  if (timeout.unitLabel() !== 'seconds') {
    throw new Error(
      `'${name}' must be given in seconds when it is known at deploy time only, got ${timeout.toHumanString()}; let the value be seconds and write Duration.seconds(…)`,
    );
  }
}

/** The chain of custom resources that imports one model. */
export interface ImportLinks {
  /** Owns the model. */
  readonly first: CfnResource;

  /** Answers when the model is there. */
  readonly last: CfnResource;

  readonly all: readonly CfnResource[];
}

/**
 * The model's resource, and one more for each further 50 minutes of waiting: CloudFormation waits at most an hour for
 * one resource. An import that is done makes the rest answer at once.
 */
export function importLinks(model: Construct, timeout: Duration, shared: SharedProperties): ImportLinks {
  const [firstSeconds, ...furtherSeconds] = secondsOfLinks(timeout);
  const links = furtherSeconds.length + 1;
  const first = modelLink(model, linkProperties(shared, 1, links, firstSeconds));
  const all = [first];
  let last = first;
  for (const [index, seconds] of furtherSeconds.entries()) {
    const link = waitLink(model, first, index + 2, linkProperties(shared, index + 2, links, seconds));
    link.addDependency(last);
    all.push(link);
    last = link;
  }
  return { first, last, all };
}

/** What every link of any chain tells the handler. */
export function linkProperties(shared: object, link: number, links: number, seconds: number): object {
  return {
    ...shared,
    ServiceTimeout: SERVICE_TIMEOUT,
    TimeoutSeconds: Tokenization.stringifyNumber(seconds),
    Link: String(link),
    Links: String(links),
  };
}

function modelLink(model: Construct, properties: object): CfnResource {
  const link: CfnResource = new CfnResource(model, 'Resource', {
    type: IMPORTED_MODEL_TYPE,
    properties: {
      ...properties,
      KeepRemoved: whether(() => retains(link.cfnOptions.deletionPolicy)),
      KeepReplaced: whether(() => retains(link.cfnOptions.updateReplacePolicy)),
    },
  });
  return link;
}

function retains(policy: CfnDeletionPolicy | undefined): boolean {
  return policy === CfnDeletionPolicy.RETAIN || policy === CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
}

/** Asked when the template is written: policies may be set until then. */
function whether(condition: () => boolean): string {
  return Lazy.uncachedString({ produce: () => (condition() ? 'true' : undefined) });
}

function waitLink(model: Construct, first: CfnResource, position: number, properties: object): CfnResource {
  const modelName: keyof ImportAttributes = 'ModelName';
  const jobName: keyof ImportAttributes = 'JobName';
  // eslint-disable-next-line cdk/no-variable-construct-id -- one for each link, from 2
  return new CfnResource(model, `Wait${position}`, {
    type: IMPORT_WAIT_TYPE,
    properties: {
      ...properties,
      KeepRemoved: whether(() => retains(first.cfnOptions.deletionPolicy)),
      Owner: first.logicalId,
      ImportedModelName: first.getAtt(modelName),
      JobName: first.getAtt(jobName),
    },
  });
}

/** A timeout that is known at deploy time only can't decide how many links there are, so it has one. */
export function secondsOfLinks(timeout: Duration): [number, ...number[]] {
  const total = timeout.toSeconds();
  if (timeout.isUnresolved() || total <= SECONDS_PER_LINK) {
    return [total];
  }
  return [SECONDS_PER_LINK, ...secondsOfLinks(Duration.seconds(total - SECONDS_PER_LINK))];
}
