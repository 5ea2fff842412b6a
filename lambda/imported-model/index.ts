import { setTimeout } from 'node:timers/promises';
import { HUB_COPY_TYPE, HUB_COPY_WAIT_TYPE } from '../../lib/contract';
import { hubCopies } from '../hub-copies/handler';
import { hubRevisions } from '../hub-copies/lambda';
import { copiesInS3 } from '../hub-copies/s3';
import { copyExecutions } from '../hub-copies/step-functions';
import { bedrockImports } from './bedrock';
import { cloudFormationStacks } from './cloudformation';
import { importedModels } from './handler';
import type { FrameworkEvent } from './request';
import { weightsFolders } from './s3';

const common = {
  stacks: cloudFormationStacks(),
  now: Date.now,
  sleep: (milliseconds: number) => setTimeout(milliseconds),
  log: (line: Record<string, unknown>) => {
    console.log(JSON.stringify(line));
  },
};

const models = importedModels({
  ...common,
  imports: bedrockImports(),
  folder: weightsFolders(),
});

const copies = hubCopies({
  ...common,
  executions: copyExecutions(),
  copies: copiesInS3(),
  resolve: hubRevisions(),
});

const COPY_TYPES = [HUB_COPY_TYPE, HUB_COPY_WAIT_TYPE];

/** One function for both kinds of resource and both of the framework's calls: only `isComplete` carries what `onEvent` noted. */
export const handler = (event: FrameworkEvent) => {
  const { onEvent, isComplete } = COPY_TYPES.includes(event.ResourceType ?? '') ? copies : models;
  return event.Started === undefined ? onEvent(event) : isComplete(event);
};
