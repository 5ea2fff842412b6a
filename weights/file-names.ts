/** Says which shard holds which tensor. */
export const INDEX = 'model.safetensors.index.json';

/** A shard, or a whole model in one file; not an adapter's weights, nor what lies in a folder of its own. */
export function isShard(name: string): boolean {
  return name.endsWith('.safetensors') && !/^(adapter_|\.)|\//.test(name);
}

/** What a model's weights are, for committing: the last file to be written below a prefix. */
export const LOCK = 'gpt-oss.lock.json';

/** Beside the lock, and like it no part of the model: not uploaded, not locked, not stale. */
export const RECEIPT = 'gpt-oss.receipt.json';
