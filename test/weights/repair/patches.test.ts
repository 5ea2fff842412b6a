import { patchesOf } from '../../../weights/repair/patches';
import { planRepair } from '../../../weights/repair/plan';
import { repaired } from '../../../weights/repair/repaired';
import { patched, type Source } from '../../../weights/transfer/source';
import { bytesFolder, type Files } from '../bytes-folder';
import { shardOf, tinyModel, tinyTensors } from '../tiny-model';
import { edited } from '../wrong-folders';

/** The files of a folder in memory, as an upload reads them. */
function sourceOf(files: Files): Source {
  return {
    address: '/models/tiny',
    open: (name) => {
      const content = Buffer.from(files[name] as Uint8Array);
      return Promise.resolve({
        size: content.length,
        read: (position: number, buffer: Uint8Array) => {
          const taken = content.subarray(position, position + buffer.length);
          buffer.set(taken);
          return Promise.resolve(taken.length);
        },
        stamp: '',
        currentStamp: () => Promise.resolve(''),
        close: () => Promise.resolve(),
      });
    },
  };
}

test.each([
  ['shorter', 'bf16', /(experts\.\w+_proj)$/, '$1_blocks'],
  ['longer', 'mxfp4', /_blocks$/, ''],
] as const)(
  'an upload sends %s names as the repaired folder shows them, and no file that is left out',
  async (...how) => {
    const [, format, from, to] = how;
    const tensors = tinyTensors(format).map((tensor) => ({ ...tensor, name: tensor.name.replace(from, to) }));
    const model = edited(tinyModel(format, tensors), 'generation_config.json', /\[[^\]]*\]/, '200002');
    const files = { ...model, 'model.safetensors': shardOf([]) };
    const folder = bytesFolder(files);
    const plan = await planRepair(folder);
    const view = repaired(folder, plan);
    const source = patched(sourceOf(files), patchesOf(plan));
    for (const { name, size } of await view.list()) {
      const open = await source.open(name);
      const sent = Buffer.alloc(open.size);
      expect(await open.read(0, sent)).toBe(size);
      expect(sent.equals(await view.readBytes(name, 0, size))).toBe(true);
    }
    expect([...patchesOf(plan).keys()]).not.toContain('model.safetensors');
    expect(plan.map(({ kind }) => kind).sort()).toEqual(expect.arrayContaining(['header', 'leave-out', 'text']));
  },
);
