import type { Clock } from '../../chat/clock';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that jumps to the next timer whenever nothing else is going on, so that minutes pass in milliseconds. */
export function virtualClock(start = Date.UTC(2026, 0, 1)): Clock & { elapsed(): number; pending(): number } {
  const timers = new Set<Timer>();
  let now = start;
  let ids = 0;
  let quiet = 0;
  let isPumping = false;
  const pump = () => {
    if (timers.size === 0) {
      isPumping = false;
      return;
    }
    // a few empty turns of the event loop: whoever wanted to answer has answered
    if (++quiet > 4) {
      const [next] = [...timers].sort((a, b) => a.at - b.at);
      if (next) {
        timers.delete(next);
        now = Math.max(now, next.at);
        quiet = 0;
        next.run();
      }
    }
    setImmediate(pump);
  };
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      quiet = 0;
      if (!isPumping) {
        isPumping = true;
        setImmediate(pump);
      }
      return () => {
        quiet = 0;
        timers.delete(timer);
      };
    },
    random: () => 1,
    newId: () => `id${String(++ids).padStart(30, '0')}`,
    elapsed: () => now - start,
    pending: () => timers.size,
  };
}
