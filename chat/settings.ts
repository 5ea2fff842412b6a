import type { FieldRules } from './request/fields';
import type { BaseModelApi, BedrockFetchOptions } from './options';
import type { Patience } from './call/patience';
import type { CallSettings } from './port';
import { notFound, Refusal } from './refusal';
import { targetOf, type Target } from './target';

/** The options with their defaults, and what each name of a model stands for. */
export interface Settings {
  readonly api: BaseModelApi;
  readonly patience: Patience;
  readonly timeout: number;
  readonly idleTimeout: number;
  readonly fields: FieldRules;
  readonly call: CallSettings;
  /** Of the options, or of the first model that has one. */
  readonly region?: string;
  /** Ids for `models.list()`. */
  readonly modelNames: readonly string[];
  /** Throws a `Refusal` for a name that stands for nothing. */
  target(model: string): Target;
}

export function settingsOf(options: BedrockFetchOptions): Settings {
  const { model, models, guardrail, serviceTier } = options;
  const known = Object.entries(models ?? (model === undefined ? {} : { [model]: model }));
  const region = options.region ?? known.map(([, id]) => regionOf(id)).find((found) => found !== undefined);
  const targets = new Map(known.map(([name, id]) => [name, targetOf(id, region)]));
  // with one model, requests may call it what they like
  const only = models ? undefined : targetOf(model, region);
  return {
    api: options.api ?? 'invoke',
    patience: {
      coldStart: options.coldStart?.timeout ?? 480_000,
      onWait: options.coldStart?.onWait ?? (() => undefined),
      maxRetries: options.maxRetries ?? 4,
    },
    timeout: options.timeout ?? 600_000,
    idleTimeout: options.idleTimeout ?? 120_000,
    fields: { pass: new Set(options.passFields), drop: new Set(options.dropFields) },
    call: { ...(guardrail && { guardrail }), ...(serviceTier && { serviceTier }) },
    region,
    modelNames: known.map(([name]) => name),
    target: (name) => {
      const target = only ?? targets.get(name) ?? unknownModel(name, [...targets.keys()]);
      if (target instanceof Refusal) throw target;
      return target;
    },
  };
}

function regionOf(id: string): string | undefined {
  const target = targetOf(id, undefined);
  return target instanceof Refusal ? undefined : target.region;
}

export function unknownModel(name: string, known: readonly string[]): Refusal {
  return notFound(`The model '${name}' does not exist here; there is ${known.join(', ')}`, 'model', 'model_not_found');
}
