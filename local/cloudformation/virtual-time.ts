interface Due {
  readonly at: number;
  readonly order: number;
  readonly go: () => void;
}

/** Time that passes only when nothing else can happen: an hour takes microseconds, and the same run is the same twice. */
export class VirtualTime {
  #now: number;
  #count = 0;
  #due: Due[] = [];

  /** @param start milliseconds since 1970 */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    return new Promise((go) => {
      this.#enter({ at: this.#now + Math.max(0, milliseconds), order: this.#count++, go });
    });
  }

  /** Runs until nothing is due any more, or until `done` says so. Returns false when it stopped at `limit`. */
  async run(limit: number, done: () => boolean = () => false): Promise<boolean> {
    await settled();
    while (!done()) {
      const next = this.#due.pop();
      if (!next) return true;
      if (next.at > limit) {
        this.#due.push(next);
        this.#now = limit;
        return false;
      }
      this.#now = next.at;
      next.go();
      await settled();
    }
    return true;
  }

  /** Latest first, so that the next one is popped; equal times keep their order. */
  #enter(entry: Due): void {
    let [low, high] = [0, this.#due.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#due[middle];
      if (other && (other.at > entry.at || (other.at === entry.at && other.order > entry.order))) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, entry);
  }
}

/** Until every promise that could go on has gone on. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
