import type { Hub } from '../../weights/hub';
import { hub } from '../../weights/hub/hugging-face';
import type { Out } from './out';
import { UsageError } from './usage-error';

/** The Hub that the environment names, in the variables of Hugging Face's own tools. @throws UsageError */
export function hubOf({ HF_ENDPOINT: endpoint = '', HF_TOKEN: token = '' }: Out['env']): Hub {
  try {
    return hub({ ...(endpoint !== '' && { endpoint }), token });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`HF_ENDPOINT or HF_TOKEN cannot be used: ${why}`, { cause: error });
  }
}
