import { BedrockError } from '../errors';
import type { Service } from '../service';
import { malformed, readFields } from './asked';
import { calledModel } from './called-model';
import { chunks } from './chunks';
import { begin, wholeAnswer, type ModelAnswer, type StreamedAnswer } from './invoke';
import { sseEncoding } from './server-sent-events';
import { streamFrames, type StreamEvent } from './stream-frames';

/** Where the endpoint is, on the runtime's host. */
export const CHAT_COMPLETIONS = '/openai/v1/chat/completions';

export interface ChatCompletionsRequest {
  /** The header of this name: `Bearer` and a Bedrock API key. */
  readonly authorization?: string | undefined;
  readonly body: Uint8Array;
}

/** Which of the runtime's operations the endpoint stands for: permissions and faults are theirs. */
export function operationMeant(body: Uint8Array): 'InvokeModel' | 'InvokeModelWithResponseStream' {
  return readFields(body)['stream'] === true ? 'InvokeModelWithResponseStream' : 'InvokeModel';
}

/**
 * One turn at Bedrock's own Chat Completions endpoint: base models, named in the body, streams as server-sent events. Any key
 * will do. https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html
 */
export async function chatCompletions(
  service: Service,
  { authorization = '', body }: ChatCompletionsRequest,
): Promise<ModelAnswer | StreamedAnswer> {
  if (!/^Bearer \S+$/.test(authorization)) {
    throw new BedrockError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const modelId = await baseModel(service, readFields(body)['model']);
  const operation = operationMeant(body);
  const begun = await begin(service, { modelId, body }, operation === 'InvokeModelWithResponseStream');
  if (operation === 'InvokeModel') return wholeAnswer(service, begun);
  const objects = chunks(begun.pieces, { ...begun, shape: 'openai', metrics: 'none', measure: () => ({}) });
  const fault = service.faults.takeStreamFault(operation);
  return {
    contentType: 'text/event-stream',
    headers: {},
    frames: streamFrames(events(objects), operation, fault, sseEncoding),
  };
}

async function baseModel(service: Service, modelId: unknown): Promise<string> {
  if (typeof modelId !== 'string') throw malformed('model is required');
  if ((await calledModel(service, modelId)).kind === 'base') return modelId;
  throw new BedrockError('ValidationException', `The model ${modelId} has no chat completions here: it was imported`);
}

async function* events(objects: AsyncIterable<object>): AsyncGenerator<StreamEvent> {
  for await (const payload of objects) yield { type: 'chunk', payload };
  yield { type: 'done', payload: {} };
}

/** An error as OpenAI's API has it. AWS publishes no shape; the name is in a header, as with all of the runtime's errors. */
export function openAiError({ httpStatus, name, message }: BedrockError): object {
  return {
    error: { message, type: httpStatus < 500 ? 'invalid_request_error' : 'server_error', param: null, code: name },
  };
}
