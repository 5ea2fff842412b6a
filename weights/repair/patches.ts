import type { Patch } from '../transfer/source';
import type { Repair } from './repair';

/** Repairs as a view of a source shows them, by file: what an upload sends instead. What is left out has none. */
export function patchesOf(repairs: readonly Repair[]): ReadonlyMap<string, Patch> {
  return new Map(repairs.flatMap(patchOf));
}

function patchOf(repair: Repair): (readonly [string, Patch])[] {
  switch (repair.kind) {
    case 'text':
      return [[repair.file, { content: Buffer.from(repair.after) }]];
    case 'header':
      return [[repair.file, { head: repair.start, from: repair.replaced }]];
    case 'leave-out':
      return [];
  }
}
