import { anyOf, type Fault, strike } from '../../../local/hugging-face';
import { LOCK } from '../../../weights/file-names';
import { saying } from '../fixtures';
import { copyGround, type CopyGround, type CopyGroundOptions, PART_BYTES, REPOSITORY, soon, TOKEN } from './ground';
import { copyItem, execute, plannedItems } from './state-machine';
import { FIRST, SECOND, tinyModel } from './tiny-model';

let ground: CopyGround;
const start = async (options: Partial<CopyGroundOptions> = {}) => {
  ground = await copyGround({ files: tinyModel(), ...options });
};
afterEach(() => ground.end());

const item = async (name: string) => {
  const found = (await plannedItems(ground)).find(({ file }) => file.name === name);
  if (!found) throw new Error(`${name} is not planned`);
  return found;
};
const copyOf = async (name: string, fault: Fault, times = 1, kind: 'cdn' | 'resolve' = 'cdn') => {
  const planned = await item(name);
  ground.hub.mischief = soon(fault, { kind }, times);
  return copyItem(ground, planned);
};
const requireRight = (name: string) => {
  expect(
    ground
      .objects()
      .get(name)
      ?.equals(tinyModel()[name] ?? Buffer.alloc(0)),
  ).toBe(true);
};
const requireNothing = (name: string) => {
  expect(ground.objects().has(name)).toBe(false);
  expect(ground.s3.unfinished()).toBe(0);
};
const ranges = (path: string) =>
  ground.hub.requests.filter((one) => one.kind === 'cdn' && one.path === path).map(({ range }) => range);

test('goes on at the byte after each cut, and asks for none twice', async () => {
  await start();
  expect(await copyOf(SECOND, { kind: 'cut', after: 50_000 }, 2)).toMatchObject({ state: 'done' });
  requireRight(SECOND);
  expect(ranges(SECOND).slice(-3)).toEqual([undefined, 'bytes=50000-', 'bytes=100000-']);
});

test('waits longer after each attempt in vain, and gives up after ten', async () => {
  await start();
  const answer = await copyOf(SECOND, { kind: 'error', status: 503 }, Infinity);
  expect(answer).toMatchObject({ state: 'failed', name: SECOND });
  expect(JSON.stringify(answer)).toContain('at byte 0 of');
  expect(ground.waits).toEqual([500, 1000, 2000, 4000, 8000]);
  expect(ground.slept).toEqual([16, 32, 60, 60, 60]);
  requireNothing(SECOND);
});

test.each([
  ['a 502', { kind: 'error', status: 502 }],
  ['an address that has expired', { kind: 'stale-redirect' }],
  ['a connection on which nothing comes', { kind: 'hang' }],
  ['a length that says more than comes', { kind: 'content-length', off: 100 }],
  ['a range that is ignored', { kind: 'whole' }],
] satisfies [string, Fault][])('copies a file over %s', async (_, fault) => {
  await start();
  const planned = await item(SECOND);
  ground.hub.mischief = anyOf(
    soon({ kind: 'cut', after: 20_000 }, { kind: 'cdn' }),
    soon(fault, { kind: fault.kind === 'stale-redirect' ? 'resolve' : 'cdn' }),
  );
  expect(await copyItem(ground, planned)).toMatchObject({ state: 'done' });
  requireRight(SECOND);
});

test('begins a file anew whose bytes were wrong', async () => {
  await start();
  expect(await copyOf(SECOND, { kind: 'wrong-byte' })).toMatchObject({ state: 'done' });
  requireRight(SECOND);
  expect(ground.said.filter((line) => line.includes('"restarted"'))).toHaveLength(1);
});

test.each([SECOND, 'tokenizer.json', FIRST])(
  'fails when the bytes of %s are wrong each time, and leaves nothing',
  async (name) => {
    await start();
    const planned = await item(name);
    ground.hub.mischief = strike({ kind: 'wrong-byte' }, { path: name });
    const answer = await copyItem(ground, planned);
    expect(answer).toMatchObject({ state: 'failed', name });
    expect(JSON.stringify(answer)).toContain("came with other bytes than the Hub's hash tells");
    requireNothing(name);
  },
);

test('fails when a file has changed its size since it was listed, and names both sizes', async () => {
  await start();
  const planned = await item(SECOND);
  ground.hub.mischief = strike({ kind: 'resized', size: planned.file.size + 1 }, { path: SECOND });
  const answer = await copyItem(ground, planned);
  expect(answer).toMatchObject({ state: 'failed', name: SECOND });
  expect(JSON.stringify(answer)).toContain(
    `it has ${planned.file.size + 1} bytes, where ${planned.file.size} were listed`,
  );
  requireNothing(SECOND);
});

test('fails when a length lies from the first byte on, and leaves nothing', async () => {
  await start();
  const answer = await copyOf(SECOND, { kind: 'content-length', off: -50 }, Infinity);
  expect(answer).toMatchObject({ state: 'failed', name: SECOND });
  requireNothing(SECOND);
});

test('fails on a redirect loop', async () => {
  await start();
  const answer = await copyOf(SECOND, { kind: 'redirect-loop' }, Infinity, 'resolve');
  expect(answer).toMatchObject({ state: 'failed', why: saying('redirects more than 5 times') });
  requireNothing(SECOND);
});

test('a file that failed fails the whole, and leaves no lock; the next run copies what is missing', async () => {
  await start();
  let planned = false;
  const execution = await execute(ground, async (task, options) => {
    if (task.step === 'copy' && !planned) {
      planned = true;
      ground.hub.mischief = strike({ kind: 'wrong-byte' }, { kind: 'cdn', path: SECOND });
    }
    return ground.invoke(task, options);
  });
  expect(execution.state).toBe('failed');
  expect(execution.why).toContain(`1 of ${execution.items.length} files of hf://${REPOSITORY}@${ground.copy.commit}`);
  expect(execution.why).toContain(`${SECOND}: `);
  expect(execution.why).toContain('Next: mend the cause and deploy again; what is copied stays, unless');
  requireNothing(SECOND);
  expect(ground.objects().has(LOCK)).toBe(false);
  ground.hub.mischief = undefined;
  expect(await execute(ground)).toMatchObject({ state: 'done', items: [SECOND] });
});

describe('a text that is read with a wrong byte', () => {
  const damaged = { kind: 'wrong-byte', at: 0 } as const;

  test('is read again, in the end too, and decides nothing', async () => {
    await start();
    const execution = await execute(ground, (task, options) => {
      if (task.step !== 'copy') ground.hub.mischief = soon(damaged, { kind: 'cached', path: 'generation_config.json' });
      return ground.invoke(task, options);
    });
    expect(execution).toMatchObject({ state: 'done' });
    requireRight('generation_config.json');
  });

  test('fails the copy before a byte of it when it comes so each time', async () => {
    await start();
    ground.hub.mischief = strike(damaged, { kind: 'cached', path: 'generation_config.json' });
    expect(await execute(ground)).toMatchObject({
      state: 'failed',
      why: "generation_config.json came with other bytes than the Hub's hash tells",
    });
    expect(ground.objects().size).toBe(0);
  });
});

describe('access', () => {
  test('copies a gated repository with a token, which only the Hub itself is sent', async () => {
    await start({ gated: true, token: TOKEN });
    expect(await execute(ground)).toMatchObject({ state: 'done' });
    expect(ground.hub.leaks()).toEqual([]);
    expect(ground.hub.requests.filter(({ server }) => server === 'cdn').length).toBeGreaterThan(0);
  });

  test.each([
    ['no token is given for a gated repository', { gated: true }, 'accept the conditions at'],
    ['the token is none', { token: 'hf_wrong' }, 'token'],
    [
      'there is no such repository',
      { copy: { repository: 'acme/none' } },
      'there is no such repository, or it is private',
    ],
    ['there is no such revision', { copy: { revision: 'none' } }, 'no such revision'],
    [
      'a URL is given for a repository',
      { copy: { repository: 'https://huggingface.co/acme/tiny' } },
      "it is a URL; write 'acme/tiny'",
    ],
  ] satisfies [string, Partial<CopyGroundOptions>, string][])('fails when %s', async (_, options, said) => {
    await start(options);
    const { state, why } = await execute(ground);
    expect(state).toBe('failed');
    expect(why).toContain(said);
    expect(ground.s3.asked).toEqual([]);
  });

  test('says the token nowhere, whatever the Hub answers', async () => {
    await start({ gated: true, token: TOKEN });
    const faults: readonly Fault[] = [
      { kind: 'rate-limited', seconds: 1 },
      { kind: 'error', status: 500 },
      { kind: 'redirect', to: `http://127.0.0.1:1/${TOKEN}?token=${TOKEN}` },
      { kind: 'wrong-byte' },
      { kind: 'cut', after: PART_BYTES },
      { kind: 'hang' },
    ];
    for (const fault of faults) {
      ground.hub.mischief = undefined;
      const planned = await item(SECOND);
      ground.hub.mischief = soon(fault, { kind: 'resolve' }, fault.kind === 'hang' ? 1 : 12);
      ground.said.push(JSON.stringify(await copyItem(ground, planned)));
      ground.s3.objects('weights').clear();
    }
    expect(ground.said.length).toBeGreaterThan(20);
    expect(ground.said.filter((line) => line.includes(TOKEN))).toEqual([]);
  });
});
