// A worker: copies one file as the function does, in a process of its own, and prints what that took as JSON.
import { parseArgs } from 'node:util';
import { createSHA256 } from 'hash-wasm';
import { carryOut } from '../../lambda/hub-copier/carry-out';
import type { Item, ItemAnswer } from '../../lambda/hub-copier/task';
import { hub } from '../../weights/hub/hugging-face';
import { PART_BYTES } from '../../lambda/hub-copier/copy-file';
import { s3Store } from '../../weights/transfer/s3';

/** A function's whole time. Milliseconds. */
const TIME = 900_000;

/** versitygw writes an object once more before it says that its parts are one: of 10 GB, for minutes. Milliseconds. */
const PUT_TOGETHER = 900_000;

const string = { type: 'string', default: '' } as const;

/** Keys of S3 are in the environment. */
const { values } = parseArgs({
  options: {
    ...{ hub: string, repository: string, commit: string, s3: string, bucket: string, prefix: string },
    ...{ name: string, size: string, sha256: string, blob: string },
    'hash-bytes': string,
  },
});

async function main(): Promise<void> {
  const { hub: endpoint, repository, commit, bucket, prefix, name, sha256, blob } = values;
  const where = { bucket, prefix, account: '', endpoint, tokenSecretArn: '' };
  const copy = { repository, revision: commit, commit, rules: 'r1' as const, acceptedFindings: [], ...where };
  const item: Item = { restarts: 0, file: { name, size: Number(values.size), sha256, blob } };
  const hashBytes = Number(values['hash-bytes']);
  const client = { endpoint: values.s3, region: 'us-east-1', forcePathStyle: true };
  const store = s3Store({ bucket, client, idleMs: PUT_TOGETHER });
  const invoke = async (next: Item): Promise<ItemAnswer> => {
    const ends = performance.now() + TIME;
    const answer = await carryOut(
      { step: 'copy', copy, item: next },
      {
        hub: () => Promise.resolve(hub({ endpoint: copy.endpoint })),
        store: () => store,
        timeLeft: () => ends - performance.now(),
        sleep: () => Promise.reject(new Error('nothing is to fail here')),
        log: () => undefined,
      },
    );
    if (answer.state !== 'more' && answer.state !== 'done') throw new Error(JSON.stringify(answer));
    return 'name' in answer || 'item' in answer ? answer : Promise.reject(new Error('no answer to an item'));
  };
  const before = await hashed(hashBytes);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  for (let answer = await invoke(item); answer.state === 'more';) answer = await invoke(answer.item);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const after = await hashed(hashBytes);
  const [hashSeconds, hashCpu] = [before.seconds + after.seconds, before.cpu + after.cpu];
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peakBytes, hashSeconds, hashCpu }));
}

/** Hashes so many bytes that are there already, by the hash that the copier uses. */
async function hashed(bytes: number): Promise<{ seconds: number; cpu: number }> {
  const [hash, part] = [await createSHA256(), new Uint8Array(Math.min(PART_BYTES, bytes))];
  const [began, before] = [performance.now(), process.cpuUsage()];
  for (let left = bytes; left > 0; left -= part.length) hash.update(part);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
