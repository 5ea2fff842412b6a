import { chunks } from './answer/chunks';
import { completion } from './answer/completion';
import { converseWay } from './call/ask-converse';
import { invokeWay } from './call/ask-invoke';
import { answered, type Asking, type Way } from './call/asking';
import { numberIn, textIn, type JsonObject } from './json';
import { badRequest } from './refusal';
import { readChatRequest, type ChatRequest } from './request/chat-request';
import { converseRequest } from './request/converse-request';
import { BASE_CHAT, IMPORTED_CHAT } from './request/fields';
import { baseBody, endpointBody, importedBody } from './request/invoke-body';
import { requireVersion, type Target } from './target';

/** `POST /chat/completions` */
export function chatCompletions(body: JsonObject, asking: Asking): Promise<Response> {
  const target = asking.settings.target(textIn(body['model']) ?? '');
  const allowed = target.kind === 'imported' ? IMPORTED_CHAT : BASE_CHAT;
  const request = readChatRequest(body, allowed, asking.settings.fields);
  const expected = { model: request.model || target.id, includeUsage: request.includeUsage };
  return answered(
    wayOf(request, target, asking),
    {
      modelId: target.id,
      stream: request.stream,
      choices: numberIn(request.fields['n']) ?? 1,
      whole: (pieces) => completion(pieces, expected.model, asking.clock),
      chunks: (pieces) => chunks(pieces, expected, asking.clock),
    },
    asking,
  );
}

function wayOf(request: ChatRequest, { kind, id }: Target, asking: Asking): Way {
  const { settings, runtime, line } = asking;
  const call = { ...settings.call, ...(request.serviceTier && { serviceTier: request.serviceTier }) };
  if (kind === 'imported') {
    if (settings.api === 'invoke') return invokeWay(runtime, id, importedBody(request), call, line);
    throw badRequest(`Imported models take api: 'invoke' only, not '${settings.api}'`, 'model', 'api_not_supported');
  }
  if (settings.api !== 'chat-completions') requireVersion(id);
  switch (settings.api) {
    case 'invoke':
      return invokeWay(runtime, id, baseBody(request), call, line);
    case 'converse':
      return converseWay(runtime, { modelId: id, request: converseRequest(request), ...call }, line);
    case 'chat-completions':
      return invokeWay(asking.endpoint(), id, endpointBody(request, id), call, line);
  }
}
