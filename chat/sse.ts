/** One server-sent event, as OpenAI's streams have them. JSON has no line ends of its own, so one line is enough. */
export function sse(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

export const SSE_DONE = 'data: [DONE]\n\n';
