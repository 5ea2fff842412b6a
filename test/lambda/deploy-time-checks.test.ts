import { Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { requireModelName, requirePrefix, requireTimeout } from '../../lambda/imported-model/deploy-time-checks';
import { importedModels } from '../../lambda/imported-model/handler';
import { baseModelName } from '../../lib/model-name';
import * as weightsPrefix from '../../lib/weights-prefix';
import { FakeOutside } from './fake-outside';
import { saying } from './fixtures';
import { event, handle } from './framework';
import { INVENTED, remove, stackIs } from './histories';

describe('a base for names', () => {
  test.each(['gpt-oss-20b', 'a', 'my_model', 'my-model-', 'm'.repeat(43)])('may be %s', (base) => {
    expect(() => {
      requireModelName(base);
    }).not.toThrow();
  });

  test.each([
    ['med.v1', "no dots, got 'med.v1'; did you mean 'med-v1'?"],
    ['my--model', "got 'my--model'; did you mean 'my-model'?"],
    ['-model', "got '-model'; did you mean 'model'?"],
    ['my model\n', "did you mean 'my-model'?"],
    ['模型', "got '模型'; choose another"],
    ['m'.repeat(44), `at most 43 characters (a hash is added to it), got 44 in '${'m'.repeat(44)}'; did you mean`],
    ['m'.repeat(4000), `…'; did you mean '${'m'.repeat(43)}'?`],
  ])('fails for %j', (base, message) => {
    expect(() => {
      requireModelName(base);
    }).toThrow(message);
  });
});

describe('a prefix', () => {
  test.each(['', 'v1/', "med/v3/a-b_c.d!e'f(g)/"])('may be %j', (prefix) => {
    expect(() => {
      requirePrefix(prefix);
    }).not.toThrow();
  });

  test.each([
    ['v1', "'prefix' must end in '/'", "got 'v1'; did you mean 'v1/'?"],
    ['/v1/', 'not begin with it', "got '/v1/'; did you mean 'v1/'?"],
    ['med//v1/', "not contain '//'", "did you mean 'med/v1/'?"],
    ['my med/*/', 'no characters but', "got 'my med/*/'; did you mean 'my-med/-/'?"],
    ['/', "got '/'", 'choose another'],
    ['x'.repeat(4000), '…', 'did you mean'],
  ])('fails for %j', (prefix, ...parts) => {
    expect(() => {
      requirePrefix(prefix);
    }).toThrow(expect.objectContaining({ message: saying(...parts) }) as Error);
  });
});

describe('a timeout', () => {
  test('may be 50 minutes', () => {
    expect(() => {
      requireTimeout(3000);
    }).not.toThrow();
  });

  test('fails over 50 minutes: there is one link to wait for what was unknown at synth', () => {
    expect(() => {
      requireTimeout(7200);
    }).toThrow(
      "'timeout' must be at most 50 minutes when it is known only at deploy time, got 7200 seconds; did you mean Duration.minutes(120)",
    );
  });
});

describe('what the construct says of a value at synth', () => {
  const refuses = (check: (value: string) => unknown, value: string) => {
    try {
      check(value);
      return false;
    } catch {
      return true;
    }
  };
  const text = fc.string({ unit: fc.constantFrom('a', '7', '-', '_', '/', '.', '*', ' ', 'é'), maxLength: 8 });

  test('the handler says of a prefix that was a token', () => {
    fc.assert(
      fc.property(text, (prefix) => {
        expect(refuses(requirePrefix, prefix)).toBe(refuses(weightsPrefix.requirePrefix, prefix));
      }),
    );
  });

  test('the handler says of a model name that was a token, but for a separator at its end', () => {
    const stack = new Stack();
    fc.assert(
      fc.property(
        text.filter((name) => !/[_-]$/.test(name)),
        (name) => {
          expect(refuses(requireModelName, name)).toBe(refuses((given) => baseModelName(stack, given), name));
        },
      ),
    );
  });
});

describe('a deployment of values that no model can have', () => {
  const BAD = [{ ModelName: 'med.v1' }, { Prefix: 'v1' }, { TimeoutSeconds: '3001' }];

  test.each(BAD)('fails for %j before anything is done, create and update alike', async (bad) => {
    const outside = new FakeOutside();
    for (const type of ['Create', 'Update'] as const) {
      await expect(importedModels(outside).onEvent(event(type, bad))).rejects.toMatchObject({
        message: saying('must', 'got', 'did you mean'),
        stack: 'see the message',
      });
    }
    expect([outside.effects, outside.calls]).toEqual([[], []]);
  });

  test.each(BAD)('is taken back for %j: nothing blocks the rollback', async (bad) => {
    const outside = new FakeOutside();
    stackIs(outside, 'ROLLBACK_IN_PROGRESS');
    expect(await handle(outside, remove(bad, INVENTED))).toMatchObject({ status: 'SUCCESS', physicalId: INVENTED });
    expect(outside.effects).toEqual([]);
  });
});
