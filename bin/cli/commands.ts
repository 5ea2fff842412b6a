import { chat } from './chat';
import { check } from './check';
import type { Command } from './command';
import { copy } from './copy';
import { download } from './download';
import { preflight } from './preflight';
import { repair } from './repair';
import { upload } from './upload';
import { verify } from './verify';

/** In the order in which a model meets them. */
export const COMMANDS: readonly Command[] = [check, repair, preflight, upload, verify, copy, download, chat];
