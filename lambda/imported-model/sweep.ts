import * as say from './messages';
import { look, type Seen, type Step, wait } from './step';

/** Deletes models with our marks that are not to be kept, and waits until they and their jobs are gone. */
export function sweep(seen: Seen, keep: readonly string[]): Step | undefined {
  if (seen.owned === undefined) return look('owned');
  const orphans = seen.owned.models.filter(({ name, isKept }) => !isKept && !keep.includes(name));
  const next = orphans.find(({ arn }) => !seen.deleted?.includes(arn));
  if (next) return { do: 'delete', model: next, why: 'an update that failed left it' };
  // while it is there, it looks as if it could be wanted again
  if (orphans[0]) return wait(say.stillThere(orphans[0]));
  const job = seen.owned.jobs.find((unsettled) => !keep.includes(unsettled.modelName));
  return (
    job && wait(`import job ${job.name} of an update that failed is not over; its model ${job.modelName} goes next`)
  );
}
