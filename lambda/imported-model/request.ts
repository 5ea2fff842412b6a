import { type ImportProperties, MINUTES_PER_LINK } from '../../lib/contract';
import { requireModelName, requirePrefix, requireTimeout } from './deploy-time-checks';
import { isModelName, jobName, modelName } from './names';
import type { StackMoment, TagMap } from './port';
import { list, number, optional, type Properties, required, signedAt } from './properties';

/** What CloudFormation wants, in typed values: strings are parsed here and nowhere else. */
export type Request = ImportRequest | DeleteRequest;

export interface ImportRequest {
  readonly type: 'Create' | 'Update';
  readonly owner: Owner;
  /** Of the resource that the request is for: the owner's, or a wait's. */
  readonly logicalId: string;
  readonly name: string;
  readonly jobName: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly importRoleArn: string;
  readonly modelKeyArn: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly waitForUpload: boolean;
  /** '' when no lock file pins the weights. */
  readonly lockHash: string;
  readonly acceptedFindings: readonly string[];
  readonly regions: readonly string[];
  readonly keepRemoved: boolean;
  readonly keepReplaced: boolean;
  readonly tags: TagMap;
  /** Tag keys that the properties before this update had and these have not. */
  readonly droppedTags: readonly string[];
  readonly link: number;
  readonly links: number;
  readonly timeoutSeconds: number;
  /** The resource's physical id before an update: the other model that it may own. */
  readonly physicalId: string;
  /** Milliseconds since 1970 when CloudFormation sent the request, as far as it says. */
  readonly sentAt?: number;
}

export interface DeleteRequest {
  readonly type: 'Delete';
  readonly owner: Owner;
  /** '' when neither the physical id nor the properties name a model of ours. */
  readonly name: string;
  readonly link: number;
  readonly timeoutSeconds: number;
  readonly physicalId: string;
}

/** The stack and the logical id that a model belongs to. */
export interface Owner {
  readonly stackId: string;
  readonly resource: string;
}

/** What `onEvent` notes for the polls that follow; the Provider framework hands it on. */
export interface Noted {
  /** Milliseconds since 1970 when the request had been noted: its polls begin, and its time runs from here. */
  readonly Started: number;
  readonly Stack?: StackMoment;
  /** The physical id that the request came with: the framework puts the answer's id in its place. */
  readonly CameWith?: string;
}

/** A request as the Provider framework sends it. */
export interface FrameworkEvent extends Partial<Noted> {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType?: string;
  readonly PhysicalResourceId?: string;
  readonly ResponseURL?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

type Name = keyof ImportProperties;

const SECONDS_PER_LINK = MINUTES_PER_LINK * 60;

export function parseRequest(event: FrameworkEvent): Request {
  const properties = event.ResourceProperties;
  const link = number(properties, 'Link', 1);
  const owner = { stackId: event.StackId, resource: optional(properties, 'Owner') || event.LogicalResourceId };
  const physicalId = event.CameWith ?? event.PhysicalResourceId ?? '';
  if (event.RequestType === 'Delete') {
    const name = nameToDelete(physicalId, owner, properties);
    // one that Bedrock can't have was refused before anything was made
    const possible = isModelName(name) ? name : '';
    return { type: 'Delete', owner, name: possible, link, timeoutSeconds: SECONDS_PER_LINK, physicalId };
  }
  const prefix = optional(properties, 'Prefix');
  const timeoutSeconds = number(properties, 'TimeoutSeconds', SECONDS_PER_LINK);
  requireModelName(required(properties, 'ModelName'));
  requirePrefix(prefix);
  requireTimeout(timeoutSeconds);
  const name = optional(properties, 'ImportedModelName') || nameFrom(owner, properties);
  const tags = tagMap(properties);
  return {
    type: event.RequestType,
    owner,
    logicalId: event.LogicalResourceId,
    name,
    jobName: optional(properties, 'JobName') || jobName(name, event.RequestId),
    bucket: required(properties, 'Bucket'),
    prefix,
    importRoleArn: required(properties, 'ImportRoleArn'),
    modelKeyArn: optional(properties, 'ModelKeyArn'),
    subnetIds: list(properties, 'SubnetIds'),
    securityGroupIds: list(properties, 'SecurityGroupIds'),
    waitForUpload: optional(properties, 'WaitForUpload') === 'true',
    lockHash: optional(properties, 'LockHash'),
    acceptedFindings: list(properties, 'AcceptedFindings'),
    regions: list(properties, 'Regions'),
    keepRemoved: optional(properties, 'KeepRemoved') === 'true',
    keepReplaced: optional(properties, 'KeepReplaced') === 'true',
    tags,
    droppedTags: Object.keys(tagMap(event.OldResourceProperties ?? {})).filter((key) => !(key in tags)),
    link,
    sentAt: signedAt(event.ResponseURL),
    links: number(properties, 'Links', 1),
    timeoutSeconds,
    physicalId,
  };
}

/** The stack's name out of its id, `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`. */
export function stackName(stackId: string): string {
  return stackId.split('/')[1] ?? '';
}

/** The Region out of the stack's id. */
export function stackRegion(stackId: string): string {
  return stackId.split(':')[3] ?? '';
}

/**
 * CloudFormation deletes a Create that it gave up under an id of its own invention; then the properties still tell
 * the name. A wait further down the chain carries its number behind the name.
 */
function nameToDelete(physicalId: string, owner: Owner, properties: Properties): string {
  const [first = ''] = physicalId.split('/');
  if (isModelName(first)) return first;
  const fromFirstLink = optional(properties, 'ImportedModelName');
  if (fromFirstLink !== '') return fromFirstLink;
  const named = optional(properties, 'Bucket') !== '' && optional(properties, 'ModelName') !== '';
  return named ? nameFrom(owner, properties) : '';
}

function nameFrom(owner: Owner, properties: Properties): string {
  return modelName({
    stackName: stackName(owner.stackId),
    resource: owner.resource,
    bucket: required(properties, 'Bucket'),
    prefix: optional(properties, 'Prefix'),
    version: optional(properties, 'Version'),
    base: required(properties, 'ModelName'),
    modelKeyArn: optional(properties, 'ModelKeyArn'),
  });
}

function tagMap(properties: Properties): TagMap {
  const value = properties['Tags' satisfies Name];
  if (!Array.isArray(value)) return {};
  const pairs = value.flatMap((tag: unknown) => {
    if (typeof tag !== 'object' || tag === null || !('Key' in tag) || !('Value' in tag)) return [];
    return typeof tag.Key === 'string' && typeof tag.Value === 'string' ? [[tag.Key, tag.Value] as const] : [];
  });
  return Object.fromEntries(pairs);
}
