import type { ImportedModel } from './account';
import { BedrockError } from './errors';
import { kmsKeyArn } from './jobs';
import { page } from './listing';
import type { InputOf } from './operations';
import { progress } from './progress';
import type { Service } from './service';

export interface ImportedModelSummary {
  readonly modelArn: string;
  readonly modelName: string;
  /** ISO 8601. */
  readonly creationTime: string;
  readonly instructSupported?: boolean;
  readonly modelArchitecture?: string;
}

export interface ImportedModelDetails extends ImportedModelSummary {
  readonly jobName: string;
  readonly jobArn: string;
  readonly modelDataSource: ImportedModel['job']['request']['modelDataSource'];
  readonly modelKmsKeyArn?: string;
  readonly customModelUnits?: {
    readonly customModelUnitsPerModelCopy: number;
    readonly customModelUnitsVersion: string;
  };
}

/** By ARN or name. */
export async function getImportedModel(
  service: Service,
  { modelIdentifier }: InputOf<'GetImportedModel'>,
): Promise<ImportedModelDetails> {
  await progress(service);
  const model = requireModel(service, modelIdentifier);
  const { switches } = service;
  const keyArn = kmsKeyArn(service, model.job.request.importedModelKmsKeyId);
  return {
    ...summary(service, model),
    jobName: model.job.request.jobName,
    jobArn: model.job.arn,
    modelDataSource: model.job.request.modelDataSource,
    ...(keyArn === undefined ? {} : { modelKmsKeyArn: keyArn }),
    ...(switches.modelDetails === 'missing'
      ? {}
      : {
          customModelUnits: {
            customModelUnitsPerModelCopy: switches.customModelUnits,
            customModelUnitsVersion: switches.customModelUnitsVersion,
          },
        }),
  };
}

export async function listImportedModels(
  service: Service,
  request: InputOf<'ListImportedModels'>,
): Promise<{ modelSummaries: ImportedModelSummary[]; nextToken?: string }> {
  await progress(service);
  const { nameContains = '' } = request;
  const wanted = service.account.visibleModels(service.clock.now()).filter(({ name }) => name.includes(nameContains));
  const { items, ...rest } = page(wanted, request, service.switches.pageSize);
  return { modelSummaries: items.map((model) => summary(service, model)), ...rest };
}

/** By ARN or name. A second Delete while the first one is still spreading succeeds without effect. */
export async function deleteImportedModel(
  service: Service,
  { modelIdentifier }: InputOf<'DeleteImportedModel'>,
): Promise<object> {
  await progress(service);
  const { account, clock, switches } = service;
  const importing = account.runningJobs().some(({ request }) => request.importedModelName === modelIdentifier);
  if (importing && switches.deleteWhileImporting === 'conflict') {
    throw new BedrockError('ConflictException', `The model ${modelIdentifier} is being imported`);
  }
  const model = requireModel(service, modelIdentifier);
  const inUseSince = clock.now() - switches.inUseSeconds * 1000;
  const inUse = model.lastInvokedAt !== undefined && model.lastInvokedAt > inUseSince;
  if (inUse && switches.deleteWhileInUse === 'conflict') {
    throw new BedrockError('ConflictException', `The model ${modelIdentifier} is in use`);
  }
  model.goneAt ??= clock.now() + switches.deleteSeconds * 1000;
  return {};
}

function requireModel({ account, clock }: Service, identifier: string): ImportedModel {
  const model = account.findModel(identifier, clock.now());
  if (model) return model;
  throw new BedrockError('ResourceNotFoundException', `Could not find the imported model ${identifier}`);
}

function summary({ switches }: Service, model: ImportedModel): ImportedModelSummary {
  const { arn, name, createdAt, architecture } = model;
  const known = { modelArn: arn, modelName: name, creationTime: new Date(createdAt).toISOString() };
  // "Supports Converse", which imported GPT-OSS does not.
  return switches.modelDetails === 'missing'
    ? known
    : { ...known, instructSupported: architecture !== 'gpt_oss', modelArchitecture: architecture };
}
