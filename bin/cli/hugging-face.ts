import type { Hub } from '../../weights/hub';
import { HubOptionError } from '../../weights/hub/endpoint';
import { hub } from '../../weights/hub/hugging-face';
import { printable } from '../../weights/printable';
import type { Out } from './out';
import { UsageError } from './usage-error';
import { withoutPassword } from './without-password';

/** The Hub that the environment names, in the variables of Hugging Face's own tools. @throws UsageError */
export function hubOf({ HF_ENDPOINT: endpoint = '', HF_TOKEN: token = '' }: Out['env']): Hub {
  try {
    return hub({ ...(endpoint !== '' && { endpoint }), token });
  } catch (error) {
    if (!(error instanceof HubOptionError)) throw error;
    // a token is a secret, and so is a password in an address
    const which = error.option === 'token' ? 'HF_TOKEN' : `HF_ENDPOINT, ${printable(withoutPassword(endpoint))},`;
    throw new UsageError(`${which} cannot be used: ${error.problem}`, { cause: error });
  }
}
