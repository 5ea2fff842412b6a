import { check } from './check';
import type { Command } from './command';
import { repair } from './repair';
import { upload } from './upload';

/** In the order in which a model meets them. */
export const COMMANDS: readonly Command[] = [check, repair, upload];
