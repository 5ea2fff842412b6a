import { inspect, type Inspection } from '../check/inspect';
import type { ModelFolder } from '../model-folder';
import { FIXES, type Edit, type Inspected } from './fixes';
import { repaired } from './repaired';
import type { Repair } from './repair';

/** Renamed tensors ask for a new index, and that is the longest chain; what is more does not end. */
const MAX_ROUNDS = 5;

/** No file that is edited is larger. */
const MAX_TEXT = 8 * 1024 * 1024;

/**
 * What would mend the folder, file by file. Nothing is written: apply it with `applyRepairs`, or read through `repaired`.
 * After it, a check has no repairable finding left.
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
