import { carryOut, type Surroundings } from '../../../lambda/hub-copier/carry-out';
import type { Task } from '../../../lambda/hub-copier/task';
import { COMMIT, fakeHub } from '../../weights/hub/fake-hub';
import { copyGround, type CopyGround, soon } from './ground';
import { execute } from './state-machine';
import { tinyModel } from './tiny-model';

describe('where no state waits', () => {
  let ground: CopyGround;
  beforeEach(async () => {
    ground = await copyGround({ files: tinyModel() });
  });
  afterEach(() => ground.end());

  const limited = (step: Task['step'], seconds: number) =>
    execute(ground, (task, options) => {
      ground.hub.mischief = task.step === step ? soon({ kind: 'rate-limited', seconds }, {}, Infinity) : undefined;
      return ground.invoke(task, options);
    });

  test.each(['resolve', 'plan', 'finish'] as const)(
    "%s fails at once, in the Hub's words, when the Hub asks for long patience",
    async (step) => {
      const began = performance.now();
      const { state, why } = await limited(step, 300);
      expect(state).toBe('failed');
      expect(why).toContain('has had too many requests, and asks to wait 300 s');
      expect(why).toContain('it asks for a pause of 300 s');
      expect(performance.now() - began).toBeLessThan(10_000);
    },
  );

  test.each(['resolve', 'plan', 'finish'] as const)('%s fails after four attempts in a row', async (step) => {
    const { state, why } = await limited(step, 0);
    expect(state).toBe('failed');
    expect(why).toContain('too many requests, and asks to wait 0 s');
    expect(why).toContain('4 times in a row');
  });

  test.each(['resolve', 'plan', 'finish'] as const)(
    '%s fails before its time is up, with what the Hub said last',
    async (step) => {
      const { state, why } = await execute(ground, (task) => {
        const isIt = task.step === step;
        ground.hub.mischief = isIt ? soon({ kind: 'rate-limited', seconds: 9 }, {}, Infinity) : undefined;
        return ground.invoke(task, isIt ? { milliseconds: 2000 } : {});
      });
      expect(state).toBe('failed');
      expect(why).toContain('it was not done within 1 s; the last of it: could not ');
      expect(why).toContain('asks to wait 9 s');
    },
  );
});

describe('resolving', () => {
  const copy = { repository: 'acme/tiny', revision: 'main', endpoint: '', tokenSecretArn: '' };
  const hub = fakeHub({});
  const surroundings: Surroundings = {
    hub: () => Promise.resolve(hub),
    store: () => {
      throw new Error('no bucket is looked at');
    },
    timeLeft: () => 900_000,
    sleep: () => Promise.resolve(),
    log: () => undefined,
  };
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  test('names the commit', async () => {
    expect(await carryOut({ step: 'resolve', copy }, surroundings)).toEqual({ state: 'resolved', commit: COMMIT });
  });

  test.each([
    ['the Hub does not answer', { hub: () => Promise.resolve({ ...hub, resolve: untilAborted }) }],
    ['the secret is not answered', { hub: (_: unknown, signal?: AbortSignal) => untilAborted('', '', signal) }],
  ])('fails within twenty seconds when %s', async (_, given) => {
    let ended = false;
    const answer = carryOut({ step: 'resolve', copy }, { ...surroundings, ...given }).finally(() => (ended = true));
    await jest.advanceTimersByTimeAsync(19_900);
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    expect(await answer).toEqual({ state: 'failed', why: 'it was not done within 20 s' });
  });
});

function untilAborted(_repository: string, _revision: string, signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener('abort', () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error());
    }),
  );
}
