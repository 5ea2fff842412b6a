import { createSHA256 } from 'hash-wasm';

/** SHA-256 that can stop, be carried to another process, and go on there; Node's own cannot. */
export interface ResumableSha256 {
  update(bytes: Uint8Array): void;
  /** In base64, as `resumableSha256` takes it. */
  save(): string;
  /** In hexadecimal; nothing can follow it. */
  end(): string;
}

/** @throws when the state is of another release of the library */
export async function resumableSha256(state?: string): Promise<ResumableSha256> {
  const hash = await createSHA256();
  if (state === undefined) hash.init();
  else hash.load(Buffer.from(state, 'base64'));
  return {
    update: (bytes) => void hash.update(bytes),
    save: () => Buffer.from(hash.save()).toString('base64'),
    end: () => hash.digest('hex'),
  };
}
