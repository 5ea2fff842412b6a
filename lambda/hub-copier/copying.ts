import { HubError } from '../../weights/hub/hub-error';
import type { Session } from '../../weights/transfer/session';
import type { Outside } from './outside';
import type { Copy, Item } from './task';

/** One file on its way, and all that it takes. */
export interface Copying {
  readonly copy: Copy;
  readonly item: Item;
  readonly key: string;
  readonly outside: Outside;
  readonly shared: Session;
}

export function wrongBytes({ repository, commit }: Copy, name: string): HubError {
  return new HubError('damaged', `${name} of ${repository}@${commit} came with other bytes than the Hub's hash tells`);
}
