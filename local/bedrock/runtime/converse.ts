import { BedrockError } from '../errors';
import type { InputOf } from '../operations';
import type { Service } from '../service';
import { readAsked } from './asked';
import type { Piece, Usage } from './author';
import { calledModel, use } from './called-model';
import { converseEvents, stopReason } from './converse-events';
import { openAiBody } from './converse-request';
import type { StreamedAnswer } from './invoke';
import { started } from './started';
import { streamFrames } from './stream-frames';
import { turnOf } from './turn';

/** One turn of base models in Bedrock's own format; imported GPT-OSS models have no Converse. */
export async function converse(service: Service, request: InputOf<'Converse'>): Promise<object> {
  const { pieces, metrics } = await begin(service, request);
  const { choices, usage } = await turnOf(pieces);
  const [{ reasoning, text, calls, finish } = { reasoning: '', text: '', calls: [], finish: 'stop' }] = choices;
  const content = [
    ...(reasoning === '' ? [] : [{ reasoningContent: { reasoningText: { text: reasoning } } }]),
    ...(text === '' ? [] : [{ text }]),
    ...calls.map(({ id, name, arguments: input }) => ({
      toolUse: { toolUseId: id, name, input: inputOf(input) },
    })),
  ];
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: stopReason(finish),
    usage: converseUsage(usage),
    metrics: metrics(),
  };
}

/** The same as events. */
export async function converseStream(service: Service, request: InputOf<'ConverseStream'>): Promise<StreamedAnswer> {
  const { pieces, metrics } = await begin(service, request);
  const metadata = (usage: Usage): object => ({ usage: converseUsage(usage), metrics: metrics() });
  const fault = service.faults.takeStreamFault('ConverseStream');
  return {
    contentType: 'application/vnd.amazon.eventstream',
    headers: {},
    frames: streamFrames(converseEvents(pieces, metadata), 'ConverseStream', fault),
  };
}

/** Arguments that were cut off at the limit of tokens are no JSON. */
function inputOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

interface Begun {
  readonly pieces: AsyncIterable<Piece>;
  readonly metrics: () => { readonly latencyMs: number };
}

async function begin(service: Service, request: InputOf<'Converse'>): Promise<Begun> {
  const askedAt = service.clock.now();
  const model = await calledModel(service, request.modelId);
  if (model.kind === 'imported') {
    throw new BedrockError(
      'ValidationException',
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    );
  }
  const asked = readAsked(openAiBody(request));
  await use(model, service);
  const pieces = await started(service.author({ ...asked, choices: 1 }, service));
  return { pieces, metrics: () => ({ latencyMs: service.clock.now() - askedAt }) };
}

function converseUsage({ promptTokens, completionTokens }: Usage): object {
  return { inputTokens: promptTokens, outputTokens: completionTokens, totalTokens: promptTokens + completionTokens };
}
