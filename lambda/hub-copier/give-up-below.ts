import { giveUp } from '../../weights/transfer/parted-object';
import { session } from '../../weights/transfer/session';
import { each } from '../../weights/transfer/together';
import type { Outside } from './outside';
import type { Place } from './task';
import { mostOfTheTime, within } from './time-limit';

/** Uploads that are given up together. */
const AT_ONCE = 8;

/**
 * Gives up whatever was begun below the prefix and not completed, of whichever execution: unseen by a listing of
 * objects, it is paid for until it is given up.
 *
 * @throws StoreError, or HubError when the time is up
 */
export async function giveUpBelow(
  { prefix }: Pick<Place, 'prefix'>,
  { store, backoff, log, timeLeft }: Pick<Outside, 'store' | 'backoff' | 'log' | 'timeLeft'>,
): Promise<void> {
  await within(mostOfTheTime({ timeLeft }), log, async (limits) => {
    const shared = session({ backoff, ...limits }, []);
    const begun = await shared.retry(limits.signal, () => store.unfinished(prefix, limits.signal));
    await each(begun, AT_ONCE, limits.signal, (upload) => giveUp(store, upload, shared));
    log({ gaveUp: begun.length });
  });
}
