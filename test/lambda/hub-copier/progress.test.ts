import { progressOf } from '../../../lambda/hub-copier/progress';
import type { Fault } from '../../../local/hugging-face';
import { copyGround, PART_BYTES } from './ground';
import { copyItem, plannedItems } from './state-machine';
import { SECOND, tinyModel } from './tiny-model';

const GB = 1e9;
const item = { restarts: 0, file: { name: 'model.safetensors', size: 10 * GB, blob: 'b', sha256: 'a' } };

test('says once a minute how far a file is and how fast it comes, and in the end', () => {
  const lines: Record<string, unknown>[] = [];
  let left = 900_000;
  const progress = progressOf(item, { timeLeft: () => left, log: (line) => lines.push(line) });
  for (let second = 1; second <= 125; second++) {
    left -= 1000;
    progress.reached(second * 50e6);
  }
  progress.ended('more');
  const { name: file, size } = item.file;
  expect(lines).toEqual([
    { file, state: 'copying', offset: 3 * GB, size, 'MB/s': 50 },
    { file, state: 'copying', offset: 6 * GB, size, 'MB/s': 50 },
    { file, state: 'more', offset: 6.25 * GB, size, 'MB/s': 50 },
  ]);
  expect(progress.offset()).toBe(6.25 * GB);
});

test('counts only what came in this invocation', () => {
  const lines: Record<string, unknown>[] = [];
  let left = 900_000;
  const position = { upload: 'u', offset: 9 * GB, sha256: '', crc: 0 };
  const progress = progressOf({ ...item, position }, { timeLeft: () => left, log: (line) => lines.push(line) });
  left -= 10_000;
  progress.reached(9.5 * GB);
  progress.ended('done');
  expect(lines).toMatchObject([{ state: 'done', offset: 9.5 * GB, 'MB/s': 50 }]);
});

test('a file that fails says at which byte, in its answer and in the log', async () => {
  const ground = await copyGround({ files: tinyModel() });
  try {
    const planned = (await plannedItems(ground)).find(({ file }) => file.name === SECOND);
    if (!planned) throw new Error(`${SECOND} is not planned`);
    let begun = 0;
    ground.hub.mischief = (asked): Fault | undefined => {
      if (asked.kind !== 'cdn' || asked.path !== SECOND) return undefined;
      return begun++ === 0 ? { kind: 'cut', after: PART_BYTES } : { kind: 'resized', size: 1 };
    };
    const answer = await copyItem(ground, planned);
    const why = `at byte ${PART_BYTES} of ${planned.file.size}: the file is shorter than it was`;
    expect(answer).toMatchObject({ state: 'failed', name: SECOND });
    expect(JSON.stringify(answer)).toContain(why);
    const failed = ground.said.map((line): unknown => JSON.parse(line));
    expect(failed).toContainEqual(
      expect.objectContaining({ file: SECOND, state: 'failed', offset: PART_BYTES, size: planned.file.size }),
    );
  } finally {
    await ground.end();
  }
});
