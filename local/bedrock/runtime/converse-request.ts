import { isRecord } from '../shapes';
import { malformed } from './asked';

type Fields = Readonly<Record<string, unknown>>;

/** Converse's request in OpenAI's format, the way back of https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html */
export function openAiBody(request: Fields): Fields {
  const { messages, system, inferenceConfig, toolConfig, additionalModelRequestFields: additional } = request;
  const inference = isRecord(inferenceConfig) ? inferenceConfig : {};
  return {
    messages: [...records(system).map(instruction), ...records(messages).flatMap(openAiMessages)],
    ...given('max_tokens', inference['maxTokens']),
    ...given('temperature', inference['temperature']),
    ...given('top_p', inference['topP']),
    ...given('stop', inference['stopSequences']),
    ...(isRecord(toolConfig) && toolFields(toolConfig)),
    ...(isRecord(additional) && additional),
  };
}

function instruction(block: Fields): Fields {
  return { role: 'system', content: block['text'] };
}

/** A message, and one for each tool's answer in it. */
function openAiMessages({ role, content }: Fields): Fields[] {
  const blocks = records(content);
  for (const block of blocks) {
    if ('image' in block || 'document' in block || 'video' in block) throw malformed('this model takes text only');
    if (block['text'] === '') throw malformed('the text field in a content block is blank; add text to it');
  }
  const texts = blocks.map((block) => block['text']).filter((text) => typeof text === 'string');
  const calls = blocks.map((block) => block['toolUse']).filter(isRecord);
  const answers = blocks.map((block) => block['toolResult']).filter(isRecord);
  const own = texts.length > 0 || calls.length > 0 || answers.length === 0;
  return [
    ...answers.map((answer) => ({
      role: 'tool',
      tool_call_id: answer['toolUseId'],
      content: resultText(answer['content']),
    })),
    ...(own
      ? [{ role, content: texts.join('\n'), ...(calls.length > 0 && { tool_calls: calls.map(openAiCall) }) }]
      : []),
  ];
}

function openAiCall({ toolUseId, name, input }: Fields): Fields {
  return { id: toolUseId, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}

function resultText(content: unknown): string {
  return records(content)
    .map(({ text, json }) => (typeof text === 'string' ? text : JSON.stringify(json)))
    .join('\n');
}

function toolFields({ tools, toolChoice }: Fields): Fields {
  return {
    tools: records(tools).map(({ toolSpec }) => {
      const { name, description, inputSchema } = isRecord(toolSpec) ? toolSpec : {};
      const parameters = isRecord(inputSchema) ? inputSchema['json'] : undefined;
      return { type: 'function', function: { name, ...given('description', description), parameters } };
    }),
    ...(isRecord(toolChoice) && { tool_choice: openAiChoice(toolChoice) }),
  };
}

function openAiChoice({ any, tool }: Fields): unknown {
  if (isRecord(tool)) return { type: 'function', function: { name: tool['name'] } };
  return any === undefined ? 'auto' : 'required';
}

function records(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function given(name: string, value: unknown): Fields {
  return value === undefined || value === null ? {} : { [name]: value };
}
