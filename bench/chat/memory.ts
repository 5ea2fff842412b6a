import { fakeClient } from './fake-client';
import { overFetch } from './ways';

/** Run by itself with `--expose-gc`: prints the bytes that are still held after so many requests, as JSON. */
const REQUESTS = 10_000;
const EVERY = 1_000;
const TOKENS = 20;

async function main(): Promise<void> {
  const { gc } = globalThis;
  if (!gc) throw new Error('run with --expose-gc');
  const way = overFetch(fakeClient({ interval: 0 }));
  const held: { requests: number; heap: number; resident: number }[] = [];
  for (let request = 1; request <= REQUESTS; request++) {
    await (request % 2 === 0 ? way.once() : way.stream(TOKENS, () => undefined));
    if (request % EVERY !== 0) continue;
    gc();
    const { heapUsed, rss } = process.memoryUsage();
    held.push({ requests: request, heap: heapUsed, resident: rss });
  }
  console.log(JSON.stringify(held));
}

void main();
