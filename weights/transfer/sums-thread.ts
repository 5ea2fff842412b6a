import { Worker } from 'node:worker_threads';
import type { Sums } from './sums';

/** A thread that computes the checksums of any number of files, beside the one that sends them. */
export interface SumsThread {
  /** For one more file, whose pieces lie in shared memory. They fail when the thread has ended. */
  sumsOf(): Sums;
  /** Ends the thread, if there is one by now; what still waits for it fails. */
  close(): Promise<void>;
}

/**
 * What the thread runs: text, and no file of its own, for whoever bundles this into one file would have to bring along a
 * second one. It answers in the order in which it is asked.
 */
const PROGRAM = `
const { createHash } = require('node:crypto');
const { parentPort } = require('node:worker_threads');
const { crc32 } = require('node:zlib');
const hashes = new Map();
parentPort.on('message', ({ file, bytes }) => {
  const hash = hashes.get(file) ?? createHash('sha256');
  if (bytes) hashes.set(file, hash.update(bytes));
  else hashes.delete(file);
  parentPort.postMessage(bytes ? crc32(bytes) : hash.digest('hex'));
});`;

interface Asked {
  readonly resolve: (sum: number | string) => void;
  readonly reject: (reason: Error) => void;
}

/** Starts the thread when the first file asks for it. */
export function sumsThread(): SumsThread {
  let worker: Worker | undefined;
  let ended: Error | undefined;
  let files = 0;
  const asked: Asked[] = [];
  const start = () => {
    // the program's own flags could make a module of the text, or load into the thread what it does not need
    const started = new Worker(PROGRAM, { eval: true, execArgv: [] });
    const failed = (reason: Error) => {
      ended ??= reason;
      for (const { reject } of asked.splice(0)) reject(reason);
    };
    started.on('message', (sum: number | string) => asked.shift()?.resolve(sum));
    started.on('error', failed);
    started.on('exit', () => {
      failed(new Error('the thread that computes checksums has ended'));
    });
    return started;
  };
  const ask = (message: { readonly file: number; readonly bytes?: Uint8Array }) => {
    if (ended) return Promise.reject(ended);
    worker ??= start();
    worker.postMessage(message);
    return new Promise<number | string>((resolve, reject) => asked.push({ resolve, reject }));
  };
  return {
    sumsOf() {
      const file = files++;
      return {
        add: async (bytes) => Number(await ask({ file, bytes })),
        sha256: async () => String(await ask({ file })),
      };
    },
    async close() {
      await worker?.terminate();
    },
  };
}
