import { inspect, type Inspection } from '../check/inspect';
import { MAX_TEXT, type ModelFolder } from '../model-folder';
import { FIXES, type Edit, type Inspected } from './fixes';
import { repaired } from './repaired';
import type { Repair } from './repair';

/** Renamed tensors ask for a new index, and that is the longest chain; what is more does not end. */
const MAX_ROUNDS = 5;

/**
 * What would mend the folder: of each file one repair, with all that is to change in it. Nothing is written: apply it to
 * the folder at a path with `applyRepairs`, or read the folder through `repaired`. Empty where nothing can be mended; what
 * a finding does not call repairable stays as it is. Read through the plan, a check finds nothing repairable any more.
 *
 * Reads what a check reads, up to five times over: renamed tensors ask for a new index, and only then is it judged.
 *
 * @throws Unreadable when a file to change can be had no more; what the folder itself throws, as a check does
 */
export async function planRepair(folder: ModelFolder): Promise<readonly Repair[]> {
  const repairs = new Map<string, Repair>();
  let names: ReadonlySet<string> = new Set();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const view = repaired(folder, [...repairs.values()]);
    const inspection = await inspect(view);
    const steps = fixes(inspection);
    if (steps.length === 0) break;
    if (round === 0) names = new Set(inspection.contents?.files.keys());
    for (const step of steps) {
      const repair = step.kind === 'edit' ? await edited(step, folder, names, repairs.get(step.file)) : step;
      repairs.set(step.file, repair);
    }
  }
  return [...repairs.values()];
}

function fixes(inspection: Inspection): readonly (Edit | Repair)[] {
  const { contents, modelFiles, all } = inspection;
  if (!contents || !modelFiles) return [];
  const inspected: Inspected = { ...inspection, contents, modelFiles };
  const steps = all.flatMap((finding) => (finding.repairable ? (FIXES[finding.code]?.(finding, inspected) ?? []) : []));
  // an index that several findings ask to make anew is made once
  return [...new Map(steps.map((step) => [JSON.stringify([step.file, step.what]), step])).values()];
}

/** An edit on top of what was planned for the file, or of its text. */
async function edited(
  { file, what, edit }: Edit,
  folder: ModelFolder,
  names: ReadonlySet<string>,
  earlier: Repair | undefined,
): Promise<Repair> {
  if (earlier?.kind === 'text') return { ...earlier, what: `${earlier.what}; ${what}`, after: edit(earlier.after) };
  const before = names.has(file) ? await folder.readText(file, MAX_TEXT) : undefined;
  return { kind: 'text', file, what, before, after: edit(before ?? '') };
}
