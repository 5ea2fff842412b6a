import type { Outside } from './outside';
import type { Item, ItemAnswer } from './task';

/** A file under way says so often how far it is. Milliseconds. */
const EVERY = 60_000;

/** How far a file has come, for the log and for what is said when it fails. */
export interface Progress {
  /** Bytes of the file that have come. */
  readonly offset: () => number;
  readonly reached: (offset: number) => void;
  readonly ended: (state: ItemAnswer['state']) => void;
}

export function progressOf({ file, position }: Item, { timeLeft, log }: Pick<Outside, 'timeLeft' | 'log'>): Progress {
  const from = position?.offset ?? 0;
  const began = timeLeft();
  let [offset, said] = [from, began];
  const say = (state: ItemAnswer['state'] | 'copying') => {
    said = timeLeft();
    const seconds = (began - said) / 1000;
    const rate = seconds > 0 && { 'MB/s': Math.round((offset - from) / 1e5 / seconds) / 10 };
    log({ file: file.name, state, offset, size: file.size, ...rate });
  };
  return {
    offset: () => offset,
    ended: say,
    reached(at) {
      offset = at;
      if (said - timeLeft() >= EVERY) say('copying');
    },
  };
}
