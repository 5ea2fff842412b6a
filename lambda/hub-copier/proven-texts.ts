import type { HubFile } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import { proofOf } from '../../weights/hub/proof';
import type { ModelFolder } from '../../weights/model-folder';
import { printable } from '../../weights/printable';

/** How often a text is read that comes with other bytes than the Hub's hash tells. */
const ATTEMPTS = 3;

/**
 * A folder of the Hub, every text of which is compared with the Hub's hash: what is repaired by it is never compared
 * afterwards, as what is copied is.
 */
export function provenTexts(folder: ModelFolder, files: readonly HubFile[]): ModelFolder {
  const listed = new Map(files.map((file) => [file.name, file]));
  return {
    ...folder,
    async readText(name, maxBytes) {
      const file = listed.get(name);
      if (!file || file.size > maxBytes) return folder.readText(name, maxBytes);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const bytes = await folder.readBytes(name, 0, file.size);
        const proof = proofOf(file);
        proof.update(bytes);
        if (proof.holds()) return Buffer.from(bytes).toString('utf8');
      }
      throw new HubError('damaged', `${printable(name)} came with other bytes than the Hub's hash tells`);
    },
  };
}
