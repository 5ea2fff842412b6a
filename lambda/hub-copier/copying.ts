import { HubError } from '../../weights/hub/hub-error';
import { giveUp } from '../../weights/transfer/parted-object';
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

export async function giveUpAll({ key, outside: { store }, shared }: Copying): Promise<void> {
  const begun = await shared.retry(shared.signal, () => store.unfinished(key, shared.signal));
  for (const upload of begun) if (upload.key === key) await giveUp(store, upload, shared);
}
