import { badRequest, notFound, type Refusal } from './refusal';

/** What a model's ARN or id stands for. */
export interface Target {
  readonly kind: 'imported' | 'base';
  /** ARN of an imported model; ARN or id of a base model or an inference profile. */
  readonly id: string;
  /** Of the ARN; none for an id. */
  readonly region?: string;
}

// every repeat is of a class that the text after it is not in, so nothing backtracks
const ARN = /^arn:(aws[-a-z]*):bedrock:([-a-z0-9]+):(\d{12})?:([-a-z]+)\/(.+)$/;
const IMPORTED_ID = /^[a-z0-9]{12}$/;
/** `openai.gpt-oss-20b-1:0`, also with the prefix of an inference profile, such as `us.`. */
const BASE_ID = /^(?:[a-z]{2,10}\.)?openai\.gpt-oss-[-a-z0-9.:]+$/;

/** Of an account's own profile, by which costs are told apart: it does not say which model is behind it. */
const OWN_PROFILE_ID = /^[a-z0-9]+$/;

/** What an ARN names that answers as a base model does, and its ids. */
const BASE_KINDS: ReadonlyMap<string | undefined, RegExp> = new Map([
  ['foundation-model', BASE_ID],
  ['inference-profile', BASE_ID],
  ['application-inference-profile', OWN_PROFILE_ID],
]);

/** On bedrock-mantle, which only `api: 'chat-completions'` can be sent to, the ids of these have no version. */
const VERSIONLESS = /(openai\.gpt-oss-(?:20|120)b)(?:-1)?$/;

/** @throws Refusal for an id or ARN of a base model that Bedrock's own operations know with its version only */
export function requireVersion(id: string): void {
  if (!VERSIONLESS.test(id)) return;
  const meant = id.replace(VERSIONLESS, '$1-1:0');
  throw notFound(`'${id}' lacks the model's version; did you mean '${meant}'?`, 'model', 'model_not_found');
}

/** The target, or why there is none; `region` is the Region that the caller asked for. */
export function targetOf(model: string | undefined, region: string | undefined): Target | Refusal {
  if (!model) {
    const what = model === undefined ? 'undefined: is the environment variable set that it is read from?' : 'empty;';
    return badRequest(
      `'model' of bedrockFetch() is ${what} give the imported model's ARN or a base model's id`,
      'model',
    );
  }
  if (BASE_ID.test(model)) return { kind: 'base', id: model };
  const [, , arnRegion, account, kind, id = ''] = ARN.exec(model) ?? [];
  if (arnRegion === undefined) {
    return notFound(
      `'${model}' is neither the ARN of an imported model nor the id of a base model such as 'openai.gpt-oss-20b-1:0'`,
      'model',
      'model_not_found',
    );
  }
  if (region !== undefined && region !== arnRegion) {
    return badRequest(`The model is in ${arnRegion}, but 'region' is ${region}: ${model}`, 'model', 'wrong_region');
  }
  if (kind === 'imported-model' && account !== undefined && IMPORTED_ID.test(id)) {
    return { kind: 'imported', id: model, region: arnRegion };
  }
  if (BASE_KINDS.get(kind)?.test(id)) return { kind: 'base', id: model, region: arnRegion };
  return badRequest(
    `Neither an imported model's ARN (…:imported-model/<12 letters or digits>) nor a GPT-OSS base model's: ${model}`,
    'model',
    'model_not_supported',
  );
}
