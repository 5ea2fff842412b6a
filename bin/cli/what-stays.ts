import { readdir } from 'node:fs/promises';
import { few } from '../../weights/printable';
import { partName } from '../../weights/transfer/target';
import type { Out } from './out';

/**
 * Says before a download what its folder holds beside the model: it stays, and perhaps another folder was meant. Hidden
 * files are not spoken of.
 *
 * @param ofModel its files, asked for only where something lies in the folder; undefined where nobody can say
 */
export async function tellWhatStays(
  folder: string,
  { stderr }: Pick<Out, 'stderr'>,
  ofModel: () => Promise<readonly { readonly name: string }[] | undefined>,
): Promise<void> {
  const there = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'));
  const files = there.length === 0 ? undefined : await ofModel();
  if (!files) return;
  const model = new Set(files.flatMap(({ name }) => [name, partName(name)]).map((name) => name.replace(/\/.*/, '')));
  const others = there.filter((name) => !model.has(name)).sort();
  if (others.length > 0) stderr.write(`'${folder}' holds other things, too, which stay as they are: ${few(others)}\n`);
}
