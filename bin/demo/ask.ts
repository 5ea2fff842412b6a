import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { bedrock } from '../../local/clients';
import type { Ground } from '../../local/ground';

/** A model that nobody used for five minutes is loaded first; until then Bedrock answers ModelNotReadyException. */
const ATTEMPTS = 10;

/** Asks an imported model one question, as any program would: in OpenAI's format, by InvokeModel. */
export async function ask(ground: Ground, modelArn: string, question: string): Promise<string> {
  const client = new BedrockRuntimeClient({ ...bedrock(ground), maxAttempts: ATTEMPTS });
  const answer = await client.send(
    new InvokeModelCommand({
      modelId: modelArn,
      contentType: 'application/json',
      body: JSON.stringify({ messages: [{ role: 'user', content: question }], max_tokens: 200 }),
    }),
  );
  return chatContent(JSON.parse(new TextDecoder().decode(answer.body)));
}

/** @throws when the answer is no chat completion */
function chatContent(answer: unknown): string {
  const choices = field(answer, 'choices');
  const content = field(field(Array.isArray(choices) ? choices[0] : undefined, 'message'), 'content');
  if (typeof content !== 'string') throw new Error(`not a chat completion: ${JSON.stringify(answer)}`);
  return content;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
