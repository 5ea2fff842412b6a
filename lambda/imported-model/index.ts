import { setTimeout } from 'node:timers/promises';
import { bedrockImports } from './bedrock';
import { cloudFormationStacks } from './cloudformation';
import { importedModels } from './handler';
import type { FrameworkEvent } from './request';
import { weightsFolders } from './s3';

const handlers = importedModels({
  imports: bedrockImports(),
  stacks: cloudFormationStacks(),
  folder: weightsFolders(),
  now: Date.now,
  sleep: (milliseconds) => setTimeout(milliseconds),
  log: (line) => {
    console.log(JSON.stringify(line));
  },
});

/** One function for both of the framework's calls: only `isComplete` carries what `onEvent` noted. */
export const handler = (event: FrameworkEvent) =>
  event.Started === undefined ? handlers.onEvent(event) : handlers.isComplete(event);
