import * as limits from './constraints';
import type { ErrorName } from './errors';
import type { Structure, ValueOf } from './shapes';

/** One call of the API: where it is, what it takes, what it answers with, what it may refuse with. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A name in braces is one path segment, percent-encoded or not. */
  readonly path: string;
  readonly status: number;
  readonly input: Structure;
  readonly errors: readonly ErrorName[];
}

const readErrors = [
  'AccessDeniedException',
  'ValidationException',
  'InternalServerException',
  'ThrottlingException',
] as const;
const itemErrors = ['ResourceNotFoundException', ...readErrors] as const;

const listing = {
  creationTimeAfter: limits.timestamp,
  creationTimeBefore: limits.timestamp,
  maxResults: limits.maxResults,
  nextToken: limits.nextToken,
  sortBy: limits.sortBy,
  sortOrder: limits.sortOrder,
} as const;

const runtimeErrors = [
  ...itemErrors,
  'ModelErrorException',
  'ModelNotReadyException',
  'ModelTimeoutException',
  'ServiceUnavailableException',
] as const;

const invocation = {
  type: 'structure',
  required: ['modelId'],
  members: {
    modelId: limits.invokeModelId,
    contentType: { type: 'string' },
    body: { type: 'blob', max: 25_000_000 },
    guardrailIdentifier: limits.guardrailIdentifier,
    guardrailVersion: limits.guardrailVersion,
    trace: limits.trace,
    serviceTier: limits.serviceTier,
  },
} as const;

// What a conversation holds is checked where it is read, as OpenAI's format is: its published limits are per part.
const conversation = { type: 'structure', required: ['modelId'], members: { modelId: limits.invokeModelId } } as const;

export const operations = {
  CreateModelImportJob: {
    method: 'POST',
    path: '/model-import-jobs',
    status: 201,
    input: {
      type: 'structure',
      required: ['jobName', 'importedModelName', 'roleArn', 'modelDataSource'],
      members: {
        jobName: limits.jobName,
        importedModelName: limits.importedModelName,
        roleArn: limits.roleArn,
        modelDataSource: limits.modelDataSource,
        jobTags: limits.tagList,
        importedModelTags: limits.tagList,
        clientRequestToken: limits.clientRequestToken,
        vpcConfig: limits.vpcConfig,
        importedModelKmsKeyId: limits.kmsKeyId,
      },
    },
    errors: [...itemErrors, 'ConflictException', 'TooManyTagsException', 'ServiceQuotaExceededException'],
  },
  GetModelImportJob: {
    method: 'GET',
    path: '/model-import-jobs/{jobIdentifier}',
    status: 200,
    input: { type: 'structure', required: ['jobIdentifier'], members: { jobIdentifier: limits.jobIdentifier } },
    errors: itemErrors,
  },
  ListModelImportJobs: {
    method: 'GET',
    path: '/model-import-jobs',
    status: 200,
    input: {
      type: 'structure',
      required: [],
      members: { ...listing, nameContains: limits.jobName, statusEquals: limits.jobStatus },
    },
    errors: readErrors,
  },
  GetImportedModel: {
    method: 'GET',
    path: '/imported-models/{modelIdentifier}',
    status: 200,
    input: { type: 'structure', required: ['modelIdentifier'], members: { modelIdentifier: limits.modelIdentifier } },
    errors: itemErrors,
  },
  ListImportedModels: {
    method: 'GET',
    path: '/imported-models',
    status: 200,
    input: { type: 'structure', required: [], members: { ...listing, nameContains: limits.importedModelName } },
    errors: readErrors,
  },
  DeleteImportedModel: {
    method: 'DELETE',
    path: '/imported-models/{modelIdentifier}',
    status: 200,
    input: { type: 'structure', required: ['modelIdentifier'], members: { modelIdentifier: limits.modelIdentifier } },
    errors: [...itemErrors, 'ConflictException'],
  },
  TagResource: {
    method: 'POST',
    path: '/tagResource',
    status: 200,
    input: {
      type: 'structure',
      required: ['resourceARN', 'tags'],
      members: { resourceARN: limits.taggableArn, tags: limits.tagList },
    },
    errors: [...itemErrors, 'TooManyTagsException'],
  },
  UntagResource: {
    method: 'POST',
    path: '/untagResource',
    status: 200,
    input: {
      type: 'structure',
      required: ['resourceARN', 'tagKeys'],
      members: { resourceARN: limits.taggableArn, tagKeys: limits.tagKeyList },
    },
    errors: itemErrors,
  },
  ListTagsForResource: {
    method: 'POST',
    path: '/listTagsForResource',
    status: 200,
    input: { type: 'structure', required: ['resourceARN'], members: { resourceARN: limits.taggableArn } },
    errors: itemErrors,
  },
  InvokeModel: {
    method: 'POST',
    path: '/model/{modelId}/invoke',
    status: 200,
    input: invocation,
    errors: [...runtimeErrors, 'ServiceQuotaExceededException'],
  },
  InvokeModelWithResponseStream: {
    method: 'POST',
    path: '/model/{modelId}/invoke-with-response-stream',
    status: 200,
    input: invocation,
    errors: [...runtimeErrors, 'ServiceQuotaExceededException', 'ModelStreamErrorException'],
  },
  Converse: {
    method: 'POST',
    path: '/model/{modelId}/converse',
    status: 200,
    input: conversation,
    errors: runtimeErrors,
  },
  ConverseStream: {
    method: 'POST',
    path: '/model/{modelId}/converse-stream',
    status: 200,
    input: conversation,
    errors: runtimeErrors,
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** What a caller passes to an operation. */
export type InputOf<O extends OperationName> = ValueOf<(typeof operations)[O]['input']>;

export function isOperationName(name: unknown): name is OperationName {
  return typeof name === 'string' && Object.hasOwn(operations, name);
}
