import { HubError } from '../../weights/hub/hub-error';
import type { Session } from '../../weights/transfer/session';
import type { Outside } from './outside';
import type { Progress } from './progress';
import type { Copy, Item } from './task';

/** One file on its way, and all that it takes. */
export interface FileTransfer {
  readonly copy: Copy;
  readonly item: Item;
  readonly key: string;
  readonly outside: Outside;
  readonly shared: Session;
  readonly progress: Progress;
}

export function wrongBytes(): HubError {
  return new HubError('damaged', "it came with other bytes than the Hub's hash tells");
}
