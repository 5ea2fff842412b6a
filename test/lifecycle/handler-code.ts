import { bedrockImports } from '../../lambda/imported-model/bedrock';
import { cloudFormationStacks } from '../../lambda/imported-model/cloudformation';
import { importedModels } from '../../lambda/imported-model/handler';
import { weightsFolders } from '../../lambda/imported-model/s3';

/** The handler and its edges, all of one compilation: they know each other's errors by class. */
export const handlerCode = { bedrockImports, cloudFormationStacks, importedModels, weightsFolders };

export type HandlerCode = typeof handlerCode;
