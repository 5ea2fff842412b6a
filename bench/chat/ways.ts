import {
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type BedrockRuntimeClient,
} from '@aws-sdk/client-bedrock-runtime';
import OpenAI from 'openai';
import { bedrockFetch } from '../../chat';
import { bytes } from '../../test/chat/fake-runtime';
import { IMPORTED } from './answers';

/** One way to have answers. */
export interface Way {
  /** A whole answer. */
  once(): Promise<void>;
  /** An answer of so many tokens; told of every piece as it is read. */
  stream(tokens: number, onPiece: () => void): Promise<void>;
}

const MESSAGES = [
  { role: 'system' as const, content: 'You are brief.' },
  { role: 'user' as const, content: 'Say something of the length that I ask for.' },
];

/** The SDK alone, which gives bytes: nothing is parsed, checked or given a form. */
export function bare(client: BedrockRuntimeClient): Way {
  const body = (tokens: number) => bytes({ messages: MESSAGES, max_tokens: tokens });
  return {
    once: async () => {
      await client.send(new InvokeModelCommand({ modelId: IMPORTED, contentType: JSON_TYPE, body: body(9) }));
    },
    stream: async (tokens, onPiece) => {
      const input = { modelId: IMPORTED, contentType: JSON_TYPE, body: body(tokens) };
      const { body: events = [] } = await client.send(new InvokeModelWithResponseStreamCommand(input));
      for await (const { chunk } of events) if (chunk) onPiece();
    },
  };
}

/** This package's fetch: OpenAI's objects, and server-sent events, as text. */
export function overFetch(client: BedrockRuntimeClient): Way {
  const talk = bedrockFetch({ model: IMPORTED, client });
  const post = (body: object) =>
    talk('https://api.openai.com/v1/chat/completions', { method: 'POST', body: JSON.stringify(body) });
  return {
    once: async () => {
      await (await post({ model: 'gpt-oss', messages: MESSAGES, max_tokens: 9 })).text();
    },
    stream: async (tokens, onPiece) => {
      const { body } = await post({ model: 'gpt-oss', messages: MESSAGES, max_tokens: tokens, stream: true });
      for await (const event of body ?? []) if (event) onPiece();
    },
  };
}

/** The same under the `openai` package, which parses the events again. */
export function overOpenAi(client: BedrockRuntimeClient): Way {
  const openai = new OpenAI({ apiKey: 'unused', fetch: bedrockFetch({ model: IMPORTED, client }) });
  const { completions } = openai.chat;
  return {
    once: async () => {
      await completions.create({ model: 'gpt-oss', messages: MESSAGES, max_completion_tokens: 9 });
    },
    stream: async (tokens, onPiece) => {
      const request = { model: 'gpt-oss', messages: MESSAGES, max_completion_tokens: tokens, stream: true as const };
      for await (const piece of await completions.create(request)) if (piece.choices.length > 0) onPiece();
    },
  };
}

const JSON_TYPE = 'application/json';
