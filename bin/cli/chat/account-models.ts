import type { Aws } from '../outside';
import { importedModels } from './imported-models';
import type { Models } from './models';
import { stackOutputs } from './stack-outputs';

/** The models of an account, by the names that people have for them. */
export function accountModels(aws: Aws): Models {
  return { imported: () => importedModels(aws), outputs: (stack) => stackOutputs(stack, aws) };
}
