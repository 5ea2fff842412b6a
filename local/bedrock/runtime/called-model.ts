import type { ImportedModel } from '../account';
import { BedrockError } from '../errors';
import { progress } from '../progress';
import type { Service } from '../service';
import { load } from './loading';

/** The model that a call is for, loaded. */
export type CalledModel =
  | { readonly kind: 'imported'; readonly name: string; readonly model: ImportedModel }
  | { readonly kind: 'base'; readonly name: string };

const BASE_MODELS = ['openai.gpt-oss-20b-1:0', 'openai.gpt-oss-120b-1:0'];

/** By ARN, or of base models by id. Throws BedrockError. */
export async function calledModel(service: Service, modelId: string): Promise<CalledModel> {
  await progress(service);
  const { account, clock } = service;
  const base = BASE_MODELS.find((id) => modelId === id || modelId === `${foundationModels(account.region)}${id}`);
  if (base) return { kind: 'base', name: base };
  if (!modelId.startsWith('arn:')) {
    throw new BedrockError('ValidationException', 'The provided model identifier is invalid.');
  }
  const model = account.findModel(modelId, clock.now());
  if (!model) throw new BedrockError('ResourceNotFoundException', `Could not find the model ${modelId}`);
  return { kind: 'imported', name: `${account.id}-${model.arn.slice(-12)}`, model };
}

/** Waits or refuses while the model is being loaded; base models always are. To be asked once the request is known to be good. */
export async function use(called: CalledModel, service: Service): Promise<void> {
  if (called.kind === 'base') return;
  await load(called.model, service);
  called.model.lastInvokedAt = service.clock.now();
}

function foundationModels(region: string): string {
  return `arn:aws:bedrock:${region}::foundation-model/`;
}
