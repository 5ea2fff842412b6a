import { readFileSync } from 'node:fs';

/** Of the ticks in which the kernel counts. */
const TICKS_A_SECOND = 100;

/**
 * CPU seconds that a server has taken, which runs below its guardian; undefined where the kernel does not tell (other than
 * Linux).
 */
export function cpuOfServer(guardian: number | undefined): number | undefined {
  if (guardian === undefined) return undefined;
  try {
    const children = readFileSync(`/proc/${guardian}/task/${guardian}/children`, 'ascii').trim().split(' ');
    const ticks = children.map((child) => {
      const fields = readFileSync(`/proc/${child}/stat`, 'ascii').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]); // utime and stime, behind the name
    });
    return ticks.reduce((sum, next) => sum + next, 0) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}
