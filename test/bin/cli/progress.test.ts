import { bars, clock, progressLine } from '../../../bin/cli/bars';
import { progressOf } from '../../../bin/cli/progress';
import { showProgress } from '../../../bin/cli/show-progress';
import type { TransferEvent } from '../../../weights/transfer';

const MB = 1_000_000;
const planned = { files: 2, bytes: 100 * MB };

function heard(events: readonly (readonly [number, TransferEvent])[]) {
  const progress = progressOf(planned);
  for (const [at, event] of events) progress.hear(event, at);
  return progress;
}

const started = (file: string, size: number): TransferEvent => ({ type: 'started', file, size });
const part = (file: string, bytes: number, moved = true): TransferEvent => ({ type: 'part', file, bytes, moved });
const half: readonly (readonly [number, TransferEvent])[] = [
  [0, { type: 'plan', files: 2, bytes: 100 * MB }],
  [0, started('a', 80 * MB)],
  [1000, part('a', 20 * MB)],
  [2000, part('a', 20 * MB)],
  [3000, part('a', 10 * MB)],
];

describe('progress', () => {
  test('adds up bytes, and reckons rate and time left', () => {
    expect(heard(half).view(3000)).toEqual({
      phase: 'moving',
      bytes: 50 * MB,
      total: 100 * MB,
      files: 0,
      totalFiles: 2,
      inFlight: [{ name: 'a', bytes: 50 * MB, total: 80 * MB }],
      rate: 15 * MB,
      left: 50 / 15,
      repeated: 0,
    });
  });

  test('does not take for speed what was there before', () => {
    const { bytes, rate } = heard([
      ...half.slice(0, 2),
      [1000, part('a', 40 * MB, false)],
      [2000, part('a', 40 * MB, false)],
    ]).view(2000);
    expect({ bytes, rate }).toEqual({ bytes: 80 * MB, rate: 0 });
  });

  test('forgets a rate that is over', () => {
    expect(heard(half).view(60_000).rate).toBe(0);
  });

  test('counts a file that began again from its beginning', () => {
    const again = heard([
      ...half,
      [3500, { type: 'restarted', file: 'a', reason: 'it changed' }],
      [3500, started('a', 80 * MB)],
    ]);
    expect(again.view(3500)).toMatchObject({ bytes: 0, inFlight: [{ name: 'a', bytes: 0 }] });
  });

  test('counts a finished file whole, sent or not', () => {
    const done = heard([
      ...half,
      [4000, { type: 'done', file: 'a', size: 80 * MB }],
      [4000, { type: 'skipped', file: 'b', size: 20 * MB }],
    ]);
    expect(done.view(4000)).toMatchObject({ bytes: 100 * MB, files: 2, inFlight: [], left: 0 });
  });

  test('shows the pass that only hashes as such', () => {
    const hashing = heard([[0, { type: 'hashed', file: 'a', bytes: 25 * MB }]]);
    expect(progressLine(hashing.view(0))).toBe('hashing, 25%, 25.0 MB of 100.0 MB');
  });

  test('counts calls that were repeated', () => {
    const repeated = heard([...half, [3000, { type: 'retried', what: 'x', attempt: 1, waitMs: 1 }]]);
    expect(progressLine(repeated.view(3000))).toBe(
      '0 of 2 files, 50%, 50.0 MB of 100.0 MB, 15.0 MB/s, 0:03 left, 1 call repeated',
    );
  });
});

describe('bars', () => {
  test('are one a file in flight and one in all', () => {
    expect(bars(heard(half).view(3000), 120)).toEqual([
      `${'a'.padEnd(40)} [============        ]  62%  80.0 MB`,
      `${'all: 0 of 2 files'.padEnd(40)} [==========          ]  50%  50.0 MB of 100.0 MB, 15.0 MB/s, 0:03 left`,
    ]);
  });

  test('never wrap, and keep the end of long and hostile names', () => {
    const name = `${'x'.repeat(100)}\u001b[2J-00001-of-00009.safetensors`;
    const lines = bars(heard([[0, started(name, 1)]]).view(0), 60);
    expect(lines.every((line) => line.length < 60 && !line.includes('\u001b'))).toBe(true);
  });

  test('say 100 % only when all is there', () => {
    const almost = heard([
      [0, started('a', 1000 * MB)],
      [0, part('a', 999 * MB)],
    ]);
    expect(bars(almost.view(0), 120)[0]).toContain(' 99%');
  });

  test('of an empty file are full', () => {
    expect(bars(heard([[0, started('a', 0)]]).view(0), 120)[0]).toContain('[====================] 100%');
  });

  test('have a clock that people read', () => {
    expect([0, 59.6, 75, 4000].map(clock)).toEqual(['0:00', '1:00', '1:15', '1:06:40']);
  });
});

describe('on a screen', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function shown(isTTY: boolean) {
    let text = '';
    const stream = { isTTY, columns: 120, write: (more: string) => (text += more) };
    const out = { stdout: stream, stderr: stream, env: {}, signal: new AbortController().signal };
    const show = showProgress(out, 'people', planned);
    show.tell({ type: 'plan', ...planned });
    show.tell(started('a', 80 * MB));
    return { show, text: () => text };
  }

  test('bars are drawn over the last ones, and are gone in the end', () => {
    const { show, text } = shown(true);
    jest.advanceTimersByTime(250);
    expect(text().split('\u001b[2A\u001b[J')).toHaveLength(2);
    show.end();
    expect(text().endsWith('\u001b[2A\u001b[J')).toBe(true);
    const before = text();
    jest.advanceTimersByTime(1000);
    expect(text()).toBe(before);
  });

  test('that is none, a line comes every five seconds, without control characters', () => {
    const { show, text } = shown(false);
    jest.advanceTimersByTime(11_000);
    show.end();
    expect(text()).toBe('0 of 2 files, 0%, 0 B of 100.0 MB\n'.repeat(2));
  });

  test('files that another run began are told, with what to do if it still runs', () => {
    const { show, text } = shown(false);
    show.tell({ type: 'unfinished', files: ['a', 'b\u001b[2J'] });
    show.end();
    expect(text()).toBe(
      'goes on with 2 files that an earlier run began: a, "b\\u001b[2J"; if that still runs, stop one of the two: each undoes what the other does\n',
    );
  });

  test('another upload that is replaced is told', () => {
    const { show, text } = shown(false);
    show.tell({ type: 'replaced', hash: '0123456789abcdef0000' });
    show.end();
    expect(text()).toMatch(/^another upload of other content \(0123456789abcdef\) ended here meanwhile, and this one/);
  });

  test('nothing is drawn before it is known what there is to do', () => {
    let text = '';
    const stream = { isTTY: true, columns: 120, write: (more: string) => (text += more) };
    const out = { stdout: stream, stderr: stream, env: {}, signal: new AbortController().signal };
    const show = showProgress(out, 'people', { files: 0, bytes: 0 });
    jest.advanceTimersByTime(1000);
    expect(text).toBe('');
    show.tell({ type: 'plan', ...planned });
    jest.advanceTimersByTime(100);
    show.end();
    expect(text).toContain('all: 0 of 2 files');
  });

  test('a long wait is told with its reason, and a short one is not', () => {
    const { show, text } = shown(false);
    show.tell({ type: 'retried', what: 'cut off', attempt: 1, waitMs: 20_000 });
    show.tell({ type: 'retried', what: 'too many requests', attempt: 2, waitMs: 75_000 });
    show.end();
    expect(text()).toBe('too many requests; waiting 1:15\n');
  });

  test('a file that begins again is told with its reason', () => {
    const { show, text } = shown(false);
    show.tell({ type: 'restarted', file: 'a', reason: 'it changed' });
    show.end();
    expect(text()).toBe('a begins again: it changed\n');
  });
});
