import type { Encoding } from './stream-frames';

/** Writes a stream as OpenAI does: an event a line, `[DONE]` for the last one, which has the type `done`. */
export const sseEncoding: Encoding = {
  event: ({ type, payload }) => line(type === 'done' ? '[DONE]' : JSON.stringify(payload)),
  exception: (code, message) => line(JSON.stringify({ error: { message, type: 'server_error', param: null, code } })),
};

function line(data: string): Buffer {
  return Buffer.from(`data: ${data}\n\n`);
}

/** The data of each of a stream's server-sent events, up to `[DONE]`. Events of several lines are not expected here. */
export async function* serverSentData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const bytes of body) {
    const lines = (pending + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const data = dataOf(line);
      if (data === '[DONE]') return;
      if (data !== undefined) yield data;
    }
  }
  const last = dataOf(pending);
  if (last !== undefined && last !== '[DONE]') yield last;
}

function dataOf(line: string): string | undefined {
  return line.startsWith('data:') ? line.slice('data:'.length).trim() : undefined;
}
