import type { ModelFolder } from '../../weights/model-folder';
import { inspect, type Inspection } from '../../weights/check/inspect';
import { patchesOf } from '../../weights/repair/patches';
import { planRepair } from '../../weights/repair/plan';
import type { Repair } from '../../weights/repair/repair';
import { repaired } from '../../weights/repair/repaired';
import { patched, type Source } from '../../weights/transfer/source';

/** A folder as it is sent: with repairs on the way, or as it is. The folder itself stays untouched. */
export interface Mended {
  readonly inspection: Inspection;
  readonly repairs: readonly Repair[];
  readonly source: Source;
}

export async function mended(folder: ModelFolder, source: Source, repair: boolean): Promise<Mended> {
  const repairs = repair ? await planRepair(folder) : [];
  return {
    inspection: await inspect(repaired(folder, repairs)),
    repairs,
    source: patched(source, patchesOf(repairs)),
  };
}
