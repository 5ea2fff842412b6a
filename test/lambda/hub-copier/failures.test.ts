import { carryOut } from '../../../lambda/hub-copier/carry-out';
import { failedFile, notCopied } from '../../../lambda/hub-copier/failures';
import type { Copy, Item } from '../../../lambda/hub-copier/task';
import { HubError } from '../../../weights/hub/hub-error';
import { s3Store } from '../../../weights/transfer/s3';

const COMMIT = 'c'.repeat(40);
const COPY: Copy = {
  ...{ repository: 'openai/gpt-oss-120b', revision: 'main', commit: COMMIT, endpoint: '', tokenSecretArn: '' },
  ...{ bucket: 'weights', prefix: `hf/openai/gpt-oss-120b/${COMMIT}-r1/`, account: '123456789012', rules: 'r1' },
  acceptedFindings: [],
};
const SIZE = 4_625_017_896;
const item = (number: number): Item => {
  const name = `model-${String(number).padStart(5, '0')}-of-01000.safetensors`;
  return { restarts: 3, file: { name, size: SIZE, sha256: 'a'.repeat(64), blob: 'b'.repeat(40) } };
};
const FIRST = item(1);

/** Of what Step Functions hands from state to state. Bytes. */
const PAYLOAD = 256 * 1024;

test.each([
  ['plain', 'x'.repeat(5000)],
  ['quotes, each of which is two bytes in JSON', '"'.repeat(5000)],
  ['letters of four bytes', '\u{1F600}'.repeat(5000)],
  ['control characters, each of which is six bytes in JSON', '\u0001'.repeat(5000)],
])('a thousand files that failed fit into a state with what finishing is asked (%s)', async (_, cause) => {
  const lines: Record<string, unknown>[] = [];
  const surroundings = {
    hub: () => Promise.reject(new HubError('refused', cause)),
    store: () => s3Store({ bucket: 'weights' }),
    timeLeft: () => 900_000,
    sleep: () => Promise.resolve(),
    log: (line: Record<string, unknown>) => lines.push(line),
  };
  const copied: unknown[] = [];
  for (let number = 1; number <= 1000; number++) {
    copied.push(await carryOut({ step: 'copy', copy: COPY, item: item(number) }, surroundings));
  }
  expect(Buffer.byteLength(JSON.stringify({ step: 'finish', copy: COPY, copied }))).toBeLessThan(PAYLOAD);
  expect(copied.at(-1)).toMatchObject({ state: 'failed', name: item(1000).file.name });
  // the log has the whole
  expect(lines).toContainEqual({ step: 'copy', failed: cause });
});

test('a reason has the byte and the cause, and leaves out what is said of all files at once', () => {
  const why = (cause: string) => failedFile(FIRST, 5_242_880, cause).why;
  const place = `${FIRST.file.name} of openai/gpt-oss-120b at ${COMMIT}`;
  expect(why(`could not read ${place}: the Hub answered 503`)).toBe(
    'at byte 5242880 of 4625017896: the Hub answered 503',
  );
  const uri = `s3://weights/${COPY.prefix}${FIRST.file.name}`;
  expect(why(`could not send part 3 of ${uri}: SlowDown: wait`)).toBe(
    'at byte 5242880 of 4625017896: could not send part 3 of it: SlowDown: wait',
  );
});

test('names the first files that failed and counts the others, and does not promise that a first copy stays', () => {
  const failed = [1, 2, 3, 4].map((number) => failedFile(item(number), 0, 'the Hub answered 503'));
  const why = notCopied(COPY, failed, 15);
  expect(why).toContain(
    `4 of 15 files of hf://openai/gpt-oss-120b@${COMMIT} could not be copied: ${FIRST.file.name}: `,
  );
  expect(why).toContain('; and 1 more. Next: mend the cause and deploy again; what is copied stays, unless ');
  expect(why).toMatch(/unless this was the stack's first deployment\.$/);
});
