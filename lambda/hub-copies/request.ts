import { createHash } from 'node:crypto';
import { type CopyProperties, HUB_COPY_ROOT, MINUTES_PER_LINK } from '../../lib/contract';
import { list, number, optional, type Properties, required, signedAt } from '../imported-model/properties';
import type { FrameworkEvent } from '../imported-model/request';

/** What CloudFormation wants of a copy, in typed values. */
export type CopyRequest = WantedCopy | UnwantedCopy;

export interface WantedCopy {
  readonly type: 'Create' | 'Update';
  readonly stackId: string;
  readonly logicalId: string;
  readonly repository: string;
  /** As it was asked for. */
  readonly revision: string;
  /** '' before a branch or a tag is resolved. */
  readonly commit: string;
  readonly rules: string;
  readonly endpoint: string;
  readonly tokenSecretArn: string;
  readonly place: Place;
  /** Physical id that the request came with; '' for a Create. */
  readonly before: string;
  readonly bucketOwner: string;
  readonly acceptedFindings: readonly string[];
  readonly stateMachineArn: string;
  readonly copierArn: string;
  /** Name of the one execution that this request, or the first link of its chain, may start. */
  readonly execution: string;
  readonly link: number;
  readonly links: number;
  readonly timeoutSeconds: number;
  /** Milliseconds since 1970, as far as CloudFormation says. */
  readonly sentAt?: number;
}

export interface UnwantedCopy {
  readonly type: 'Delete';
  readonly stackId: string;
  readonly logicalId: string;
  /** Undefined when CloudFormation invented the physical id: it gave the resource's Create up. */
  readonly place?: Place;
  readonly bucket: string;
  readonly bucketOwner: string;
  readonly stateMachineArn: string;
  readonly removes: boolean;
  readonly link: number;
  readonly timeoutSeconds: number;
  /** Milliseconds since 1970, as far as CloudFormation says. */
  readonly sentAt?: number;
}

/** A folder of a bucket. */
export interface Place {
  readonly bucket: string;
  /** Ends in '/'. */
  readonly prefix: string;
}

const SECONDS_PER_LINK = MINUTES_PER_LINK * 60;
const COMMIT = /^[0-9a-f]{40}$/;

export function parseCopyRequest(event: FrameworkEvent): CopyRequest {
  const properties = event.ResourceProperties;
  const link = number(properties, property('Link'), 1);
  const { StackId: stackId, LogicalResourceId: logicalId, PhysicalResourceId: physicalId = '' } = event;
  const stateMachineArn = required(properties, property('StateMachineArn'));
  const bucket = required(properties, property('Bucket'));
  const bucketOwner = required(properties, property('BucketOwner'));
  const timeoutSeconds = number(properties, property('TimeoutSeconds'), SECONDS_PER_LINK);
  const shared = { stackId, logicalId, bucketOwner, stateMachineArn, link, timeoutSeconds };
  const sentAt = signedAt(event.ResponseURL);
  if (event.RequestType === 'Delete') {
    const removes = optional(properties, property('RemoveCopies')) === 'true';
    return { ...shared, type: 'Delete', place: placeOfId(physicalId), bucket, removes, sentAt };
  }
  const given = optional(properties, property('Commit')) || optional(properties, property('Revision'));
  const fromProperties = COMMIT.test(given) ? placeOf(properties, given) : undefined;
  // what `onEvent` resolved comes back in the physical id
  const place = fromProperties ?? (event.Started === undefined ? undefined : placeOfId(physicalId));
  const commit = place ? commitOf(place) : '';
  return {
    ...shared,
    type: event.RequestType,
    repository: required(properties, property('Repository')),
    revision: required(properties, property('Revision')),
    commit,
    rules: required(properties, property('RepairRules')),
    endpoint: optional(properties, property('Endpoint')),
    tokenSecretArn: optional(properties, property('TokenSecretArn')),
    place: place ?? { bucket, prefix: '' },
    before: event.CameWith ?? physicalId,
    acceptedFindings: list(properties, property('AcceptedFindings')),
    copierArn: required(properties, property('CopierArn')),
    execution: optional(properties, property('Execution')) || executionName(place, event.RequestId),
    links: number(properties, property('Links'), 1),
    sentAt,
  };
}

/** With a commit that has just been resolved. */
export function pinned(wanted: WantedCopy, commit: string): WantedCopy {
  const { repository, rules } = wanted;
  return { ...wanted, commit, place: { ...wanted.place, prefix: prefixOf(repository, commit, rules) } };
}

/** The folder's address. */
export function idOf({ bucket, prefix }: Place): string {
  return `s3://${bucket}/${prefix}`;
}

/** The resource's physical id: another one means another copy. It tells which branch or tag was resolved. */
export function physicalIdOf({ place, link, revision, commit }: WantedCopy): string {
  const name = revision === commit ? '' : `@${revision}`;
  return `${idOf(place)}${link > 1 ? link : name}`;
}

/** What the branch or tag was when the resource came to what it is now, if it came of that. */
export function commitBefore({ before, revision, repository }: WantedCopy): string | undefined {
  const place = before.endsWith(`/@${revision}`) ? placeOfId(before) : undefined;
  return place?.prefix.startsWith(`${HUB_COPY_ROOT}${repository}/`) ? commitOf(place) : undefined;
}

/** What the names of all executions that copy begin with. */
export const ANY_COPY = 'copy-';

/** What the names of all executions for a place begin with: by this a later request finds one that still runs. */
export function executionFamily(place: Place): string {
  return `${ANY_COPY}${createHash('sha256').update(idOf(place)).digest('hex').slice(0, 16)}-`;
}

function executionName(place: Place | undefined, requestId: string): string {
  return place ? `${executionFamily(place)}${requestId.replaceAll(/[^0-9a-zA-Z-]/g, '').slice(0, 40)}` : '';
}

function placeOf(properties: Properties, commit: string): Place {
  const repository = required(properties, property('Repository'));
  const rules = required(properties, property('RepairRules'));
  return { bucket: required(properties, property('Bucket')), prefix: prefixOf(repository, commit, rules) };
}

function prefixOf(repository: string, commit: string, rules: string): string {
  return `${HUB_COPY_ROOT}${repository}/${commit}-${rules}/`;
}

/** Undefined for an id that is none of ours. */
export function placeOfId(id: string): Place | undefined {
  const [, bucket, prefix] =
    /^s3:\/\/([^/]+)\/(hf\/[^/]+\/[^/]+\/[0-9a-f]{40}-[a-z0-9]+\/)(?:\d+|@.+)?$/.exec(id) ?? [];
  return bucket !== undefined && prefix !== undefined ? { bucket, prefix } : undefined;
}

function commitOf({ prefix }: Place): string {
  return /([0-9a-f]{40})-[a-z0-9]+\/$/.exec(prefix)?.[1] ?? '';
}

const property = (name: keyof CopyProperties) => name;
