import { look, type Seen, type Step, wait } from './step';

/** Deletes models with our marks that are not to be kept, and waits while one of their jobs is not over. */
export function sweep(seen: Seen, keep: readonly string[]): Step | undefined {
  if (seen.owned === undefined) return look('owned');
  const orphan = seen.owned.models.find((model) => !keep.includes(model.name));
  if (orphan) return { do: 'delete', model: orphan, why: 'an update that failed left it' };
  const job = seen.owned.jobs.find((unsettled) => !keep.includes(unsettled.modelName));
  return (
    job && wait(`import job ${job.name} of an update that failed is not over; its model ${job.modelName} goes next`)
  );
}
