import { readArchitecture, tokenizerProblem } from '../../../local/bedrock/model-config';
import { ModelFolder as Examined } from '../../../local/bedrock/model-folder';
import { weightsProblem } from '../../../local/bedrock/shards';
import { defaultSwitches } from '../../../local/bedrock/switches';
import { check } from '../../../weights/check/check';
import { MAX_FILES, Unreadable } from '../../../weights/model-folder';
import { planRepair } from '../../../weights/repair/plan';
import { repaired } from '../../../weights/repair/repaired';
import { bytesFolder, type Files } from '../bytes-folder';
import { CASES, GOOD } from '../wrong-folders';

const PREFIX = 'v1/';

/** Why the local Bedrock would refuse the folder, going by its content alone; it shares no code with the check. */
async function refusal(folder: ReturnType<typeof bytesFolder>): Promise<string | undefined> {
  const examined = await Examined.open(
    {
      bucket: () => Promise.resolve({ region: 'us-east-1', owner: '111122223333' }),
      list: async () => (await folder.list()).map(({ name, size }) => ({ key: PREFIX + name, size })),
      read: (_, key, start, length) => folder.readBytes(key.slice(PREFIX.length), start, length),
    },
    { bucket: 'weights', prefix: PREFIX },
  );
  if (!examined) throw new Error('there is no bucket');
  const switches = defaultSwitches();
  const config = await readArchitecture(examined, 'us-east-1', switches);
  if ('problem' in config) return config.problem;
  return (await tokenizerProblem(examined, switches)) ?? (await weightsProblem(examined, switches));
}

/** Where Bedrock reads: there all files count, also those that an upload leaves out. */
const IN_S3 = 's3://weights/v1/';

const readable = (files: Files) =>
  Object.keys(files).length < MAX_FILES && !Object.values(files).some((content) => content instanceof Unreadable);
const all = Object.entries(CASES).flatMap(([code, cases]) =>
  cases.map(({ folder }, n) => ({ code, n: n + 1, folder })),
);
const cases = all.filter(({ folder }) => readable(folder));

test.each(cases)('what the local Bedrock refuses of $code, case $n, the check refuses too', async ({ folder }) => {
  const files = bytesFolder(folder, IN_S3);
  const errors = (await check(files)).filter(({ severity }) => severity === 'error');
  const problem = await refusal(files);
  expect(problem === undefined || errors.length > 0 ? undefined : problem).toBeUndefined();
});

test.each(cases)(
  'what a repair of $code, case $n, leaves without errors the local Bedrock takes',
  async ({ folder }) => {
    const files = bytesFolder(folder, IN_S3);
    const mended = repaired(files, await planRepair(files));
    const whole = (await check(mended)).every(({ severity }) => severity !== 'error');
    const problem = whole ? await refusal({ ...mended, read: files.read }) : undefined;
    expect(problem).toBeUndefined();
  },
);

test('the local Bedrock takes a good folder, and refuses one with a wrong index', async () => {
  expect(await refusal(bytesFolder(GOOD))).toBeUndefined();
  expect(await refusal(bytesFolder({ ...GOOD, 'model.safetensors.index.json': '{}' }))).toContain('metadata');
});
