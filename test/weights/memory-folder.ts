import { createHash } from 'node:crypto';
import type { ModelFolder } from '../../weights/model-folder';

/** A folder of texts in memory. A size of its own stands for content that nobody reads, like that of a shard. */
export function memoryFolder(files: Readonly<Record<string, string | number>>): ModelFolder {
  return {
    address: 's3://weights/v1/',
    list: () =>
      Promise.resolve(
        Object.entries(files).map(([name, content]) => ({
          name,
          size: typeof content === 'number' ? content : Buffer.byteLength(content),
          etag: createHash('md5').update(String(content)).digest('hex'),
        })),
      ),
    readText: (name) => {
      const content = files[name];
      return typeof content === 'string'
        ? Promise.resolve(content)
        : Promise.reject(new Error(`nobody may read ${name}`));
    },
    readBytes: (name) => Promise.reject(new Error(`nobody may read ${name}`)),
  };
}
