import type { ImportedModel } from '../account';
import { BedrockError } from '../errors';
import type { Service } from '../service';

/** Returns when a copy of the model is loaded; the first call starts that. Throws BedrockError instead of waiting, if told so. */
export async function load(model: ImportedModel, { clock, switches }: Service): Promise<void> {
  const now = clock.now();
  const usedAt = Math.max(model.readyAt ?? -Infinity, model.lastInvokedAt ?? -Infinity);
  const isIdle = usedAt + switches.inUseSeconds * 1000 <= now;
  if (model.readyAt === undefined || isIdle) model.readyAt = now + switches.loadSeconds * 1000;
  if (model.readyAt <= now) return;
  if (switches.coldCall === 'held') return clock.sleep(model.readyAt - now);
  throw new BedrockError(
    'ModelNotReadyException',
    'Model is not ready for inference. Wait and try your request again. Refer to https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html',
  );
}
