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
  return {
    once: async () => {
      await client.send(new InvokeModelCommand(inputOf(9)));
    },
    stream: async (tokens, onPiece) => {
      const { body = [] } = await client.send(new InvokeModelWithResponseStreamCommand(inputOf(tokens)));
      for await (const { chunk } of body) if (chunk) onPiece();
    },
  };
}

function inputOf(tokens: number) {
  const body = bytes({ messages: MESSAGES, max_tokens: tokens });
  return { modelId: IMPORTED, contentType: 'application/json', body };
}

/** What anyone does at least who makes OpenAI's events of Bedrock's chunks: each is parsed, and written again. */
export function rewritten(client: BedrockRuntimeClient): Way {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
  const events = (chunk: Uint8Array) =>
    encoder.encode(`data: ${JSON.stringify(JSON.parse(decoder.decode(chunk)))}\n\n`);
  return {
    once: async () => {
      events((await client.send(new InvokeModelCommand(inputOf(9)))).body);
    },
    stream: async (tokens, onPiece) => {
      const { body = [] } = await client.send(new InvokeModelWithResponseStreamCommand(inputOf(tokens)));
      for await (const { chunk } of body) if (chunk?.bytes && events(chunk.bytes).length > 0) onPiece();
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
