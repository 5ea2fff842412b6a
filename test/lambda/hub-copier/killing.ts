/** Not an error of anybody's: the process is gone. */
export class Killed extends Error {}

/** Whether the process ends before or after a call is made; undefined where it lives on. */
export type Kill = (call: string) => 'before' | 'after' | undefined;

/** Lets whatever an invocation calls notice that it has been killed: from then on nothing is done for it any more. */
export function mortal(kill: Kill): <T extends object>(outside: T) => T {
  let isDead = false;
  const call = async (name: string, made: () => unknown): Promise<unknown> => {
    const how = isDead ? 'before' : kill(name);
    isDead ||= how !== undefined;
    if (how === 'before') throw new Killed();
    const [outcome] = await Promise.allSettled([made()]);
    if (isDead) throw new Killed(); // also for calls that were under way
    if (outcome.status === 'fulfilled') return outcome.value;
    throw outcome.reason;
  };
  return (outside) =>
    new Proxy(outside, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => call(String(name), () => Reflect.apply(value, target, given));
      },
    });
}
