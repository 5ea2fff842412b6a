import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './ports';

/** Wall-clock time that can be moved forward and sped up, so that hours of import pass while one looks. */
export class AdjustableClock implements Clock {
  #base = Date.now();
  #since = performance.now();
  #scale = 1;

  now(): number {
    return Math.floor(this.#base + (performance.now() - this.#since) * this.#scale);
  }

  /** Sleeps that many real milliseconds: what waits outside has a clock of its own. */
  async sleep(milliseconds: number): Promise<void> {
    await wait(milliseconds);
  }

  get scale(): number {
    return this.#scale;
  }

  /** @param seconds zero or more; time never goes back */
  advance(seconds: number): void {
    this.#base += seconds * 1000;
  }

  /** From now on a real second is this many seconds; zero stops the clock. */
  run(scale: number): void {
    this.#base = this.now();
    this.#since = performance.now();
    this.#scale = scale;
  }
}
