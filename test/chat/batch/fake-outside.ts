import type { BatchOutside, BatchProgress, JobOrder } from '../../../chat/batch/port';

export const ARN = 'arn:aws:bedrock:us-west-2:111122223333:model-invocation-job/abc123def456';

/** A bucket in memory, and a job that goes through these looks; the last one stays. */
export function fakeOutside(...looks: BatchProgress[]) {
  const objects = new Map<string, string>();
  const orders: JobOrder[] = [];
  let looked = 0;
  const outside: BatchOutside = {
    files: {
      write: (uri, text) => {
        objects.set(uri, text);
        return Promise.resolve();
      },
      list: (uri) => Promise.resolve([...objects.keys()].filter((key) => key.startsWith(uri))),
      async *read(uri) {
        const text = Buffer.from(objects.get(uri) ?? '');
        for (let at = 0; at < text.length; at += 97) yield await Promise.resolve(text.subarray(at, at + 97));
      },
    },
    jobs: {
      create: (order) => {
        orders.push(order);
        return Promise.resolve(ARN);
      },
      progress: () => {
        const look = looks[Math.min(looked++, looks.length - 1)];
        return look ? Promise.resolve(look) : Promise.reject(new Error('the test has no look for this'));
      },
    },
  };
  return { outside, objects, orders, looked: () => looked };
}
