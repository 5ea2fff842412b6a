import { BedrockError } from '../errors';
import type { InputOf } from '../operations';
import type { Service } from '../service';
import { malformed, readAsked, readFields, type Asked } from './asked';
import type { Piece, Usage } from './author';
import { calledModel, use, type CalledModel } from './called-model';
import { chunks } from './chunks';
import { chatCompletion, textCompletion, type Heading } from './completion';
import { placeReasoning, reasoningPlace, TAGS, type ReasoningPlace } from './reasoning';
import { started } from './started';
import { streamBodies } from './stream-bodies';
import { streamFrames, type StreamEvent } from './stream-frames';
import { turnOf } from './turn';

const JSON_TYPE = 'application/json';

/** An answer whose body is the model's own. */
export interface ModelAnswer {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer that comes in frames of an event stream. */
export interface StreamedAnswer {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: AsyncIterable<Uint8Array>;
}

/** One turn: chat, or text from imported models, in OpenAI's format. */
export async function invokeModel(service: Service, request: InputOf<'InvokeModel'>): Promise<ModelAnswer> {
  return wholeAnswer(service, await begin(service, request, false));
}

/** The answer when all of it is there. */
export async function wholeAnswer(service: Service, begun: Begun): Promise<ModelAnswer> {
  const { asked, heading, place, pieces } = begun;
  const turn = await turnOf(pieces);
  const answer = asked.kind === 'text' ? textCompletion(heading, turn) : chatCompletion(heading, turn, place);
  const { inputTokenCount, outputTokenCount, invocationLatency } = measured(service, begun, turn.usage);
  const headers = {
    'x-amzn-bedrock-input-token-count': String(inputTokenCount),
    'x-amzn-bedrock-output-token-count': String(outputTokenCount),
    'x-amzn-bedrock-invocation-latency': String(invocationLatency),
  };
  return { contentType: JSON_TYPE, headers, body: Buffer.from(JSON.stringify(answer)) };
}

/** The same as events of one stream, each piece when it is there. */
export async function invokeModelWithResponseStream(
  service: Service,
  request: InputOf<'InvokeModelWithResponseStream'>,
): Promise<StreamedAnswer> {
  const begun = await begin(service, request, true);
  const { switches, faults } = service;
  const measure = (usage: Usage): object => ({ 'amazon-bedrock-invocationMetrics': measured(service, begun, usage) });
  const { streamShape: shape, streamMetrics: metrics, streamFrames: framing } = switches;
  const objects = chunks(begun.pieces, { ...begun, shape, metrics, measure });
  const fault = faults.takeStreamFault('InvokeModelWithResponseStream');
  return {
    contentType: 'application/vnd.amazon.eventstream',
    headers: { 'x-amzn-bedrock-content-type': JSON_TYPE },
    frames: streamFrames(events(streamBodies(objects, framing)), 'InvokeModelWithResponseStream', fault),
  };
}

async function* events(bodies: AsyncIterable<Buffer>): AsyncGenerator<StreamEvent> {
  for await (const body of bodies) yield { type: 'chunk', payload: { bytes: body.toString('base64') } };
}

export interface Begun {
  readonly asked: Asked;
  readonly heading: Heading;
  readonly place: ReasoningPlace;
  readonly pieces: AsyncIterable<Piece>;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly firstAt: number;
}

/** Checks the request, loads the model, and returns when the first piece of the answer is there. */
export async function begin(
  service: Service,
  request: Pick<InputOf<'InvokeModel'>, 'modelId' | 'contentType' | 'body'>,
  isStream: boolean,
): Promise<Begun> {
  const { contentType = JSON_TYPE, body } = request;
  const askedAt = service.clock.now();
  const model = await calledModel(service, request.modelId);
  if (!contentType.startsWith(JSON_TYPE)) {
    throw new BedrockError('ValidationException', `The provided content type ${contentType} is not ${JSON_TYPE}`);
  }
  const fields = readFields(body);
  if (model.kind === 'base') checkBaseFields(fields, model, isStream);
  const asked = readAsked(fields);
  if (model.kind === 'base' && asked.kind === 'text') throw malformed('messages are required');
  await use(model, service);
  const place = model.kind === 'base' ? TAGS : reasoningPlace(service.switches.importedReasoning);
  const pieces = await started(placeReasoning(service.author(asked, service), place));
  const now = service.clock.now();
  const heading = { id: `chatcmpl-${service.newId()}`, created: Math.floor(now / 1000), model: model.name };
  return { asked, heading, place, pieces, askedAt, firstAt: now };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html */
function checkBaseFields(fields: Readonly<Record<string, unknown>>, { name }: CalledModel, isStream: boolean): void {
  const { model, stream } = fields;
  if (model !== undefined && model !== name) throw malformed(`model must be ${name} or left out`);
  if (stream === true && !isStream) throw malformed('stream must be false for InvokeModel');
}

function measured({ clock }: Service, { askedAt, firstAt }: Begun, { promptTokens, completionTokens }: Usage) {
  return {
    inputTokenCount: promptTokens,
    outputTokenCount: completionTokens,
    invocationLatency: clock.now() - askedAt,
    firstByteLatency: firstAt - askedAt,
  };
}
