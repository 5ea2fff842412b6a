import { pattern } from './shapes';

/** The published limits of every value that Bedrock takes for imports (botocore's `bedrock/2023-04-20`). */

// As published, '-' is in both parts of the repeated group: 24 hyphens and an underscore then take seconds.
const jobNamePattern = pattern(String.raw`[a-zA-Z0-9](-*[a-zA-Z0-9\+\-\.])*`, String.raw`[a-zA-Z0-9][a-zA-Z0-9+.\-]*`);
const modelNamePattern = pattern('([0-9a-zA-Z][_-]?)+');
// Java's \s is ASCII alone; JavaScript's is not.
const tagPattern = pattern(String.raw`[a-zA-Z0-9\s._:/=+@-]*`, String.raw`[a-zA-Z0-9 \t\n\v\f\r._:/=+@\-]*`);
const arn = 'arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}';

export const jobName = { type: 'string', min: 1, max: 63, pattern: jobNamePattern } as const;
export const importedModelName = { type: 'string', min: 1, max: 63, pattern: modelNamePattern } as const;

export const roleArn = {
  type: 'string',
  min: 0,
  max: 2048,
  pattern: pattern('arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+'),
} as const;

export const modelDataSource = {
  type: 'structure',
  union: true,
  required: [],
  members: {
    s3DataSource: {
      type: 'structure',
      required: ['s3Uri'],
      members: {
        s3Uri: {
          type: 'string',
          min: 1,
          max: 1024,
          pattern: pattern(
            "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?",
          ),
        },
      },
    },
  },
} as const;

export const tagKey = { type: 'string', min: 1, max: 128, pattern: tagPattern } as const;

export const tagList = {
  type: 'list',
  min: 0,
  max: 200,
  member: {
    type: 'structure',
    required: ['key', 'value'],
    members: { key: tagKey, value: { type: 'string', min: 0, max: 256, pattern: tagPattern } },
  },
} as const;

export const tagKeyList = { type: 'list', min: 0, max: 200, member: tagKey } as const;

export const clientRequestToken = {
  type: 'string',
  min: 1,
  max: 256,
  pattern: pattern('[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?'),
} as const;

const vpcId = { type: 'string', min: 0, max: 32, pattern: pattern('[-0-9a-zA-Z]+') } as const;

export const vpcConfig = {
  type: 'structure',
  required: ['subnetIds', 'securityGroupIds'],
  members: {
    subnetIds: { type: 'list', min: 1, max: 16, member: vpcId },
    securityGroupIds: { type: 'list', min: 1, max: 5, member: vpcId },
  },
} as const;

export const kmsKeyId = {
  type: 'string',
  min: 1,
  max: 2048,
  pattern: pattern(
    '(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)',
  ),
} as const;

export const jobIdentifier = {
  type: 'string',
  min: 0,
  max: 1011,
  pattern: pattern(
    `(${arn}:model-import-job/[a-z0-9]{12})|(${jobNamePattern.published})`,
    `(${arn}:model-import-job/[a-z0-9]{12})|([a-zA-Z0-9][a-zA-Z0-9+.-]*)`,
  ),
} as const;

export const modelIdentifier = {
  type: 'string',
  min: 1,
  max: 1011,
  pattern: pattern(`(${arn}:imported-model/[a-z0-9]{12})|(${modelNamePattern.published})`),
} as const;

// The published pattern covers fifteen kinds of Bedrock resources and anchors inside itself; this is their common form.
export const taggableArn = {
  type: 'string',
  min: 20,
  max: 1011,
  pattern: pattern(String.raw`arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:([0-9]{12})?:[a-z0-9-]+/[a-zA-Z0-9-:./]+`),
} as const;

// Foundation models, profiles, prompts and more share this parameter; length is all that they have in common.
export const invokeModelId = { type: 'string', min: 1, max: 2048 } as const;
export const guardrailIdentifier = { type: 'string', min: 0, max: 2048 } as const;
export const guardrailVersion = { type: 'string', pattern: pattern('(|([1-9][0-9]{0,7})|(DRAFT))') } as const;
export const trace = { type: 'string', enum: ['ENABLED', 'DISABLED', 'ENABLED_FULL'] } as const;
export const serviceTier = { type: 'string', enum: ['priority', 'default', 'flex', 'reserved'] } as const;

export const maxResults = { type: 'integer', min: 1, max: 1000 } as const;
export const nextToken = { type: 'string', min: 1, max: 2048, pattern: pattern(String.raw`\S*`) } as const;
export const timestamp = { type: 'timestamp' } as const;
export const jobStatus = { type: 'string', enum: ['InProgress', 'Completed', 'Failed'] } as const;
export const sortBy = { type: 'string', enum: ['CreationTime'] } as const;
export const sortOrder = { type: 'string', enum: ['Ascending', 'Descending'] } as const;
/** Longest `failureMessage`, in characters. */
export const failureMessageMax = 2048;
