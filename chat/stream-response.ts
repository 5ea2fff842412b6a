import type { Line } from './call/line';
import { Refusal } from './refusal';
import { sse, SSE_DONE } from './sse';

/**
 * The answer as OpenAI's server-sent events, each sent as it is made and only as fast as it is read. An error in the middle is
 * an event of its own, after which the stream ends without `[DONE]`; the caller's abort ends it with the signal's reason.
 */
export function streamResponse(
  objects: AsyncGenerator<object>,
  requestId: string,
  line: Line,
  asError: (error: unknown) => unknown,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = await objects.next();
        controller.enqueue(encoder.encode(next.done ? SSE_DONE : sse(next.value)));
        if (!next.done) return;
        line.close();
        controller.close();
      } catch (thrown) {
        const error = asError(thrown);
        // what is left of Bedrock's stream is of no use to anybody
        line.cut(error);
        line.close();
        if (!(error instanceof Refusal)) {
          controller.error(error);
          return;
        }
        controller.enqueue(encoder.encode(sse({ error: error.error })));
        controller.close();
      }
    },
    cancel: () => {
      line.cut(new DOMException('The stream is not read any more', 'AbortError'));
      line.close();
      // it ends with the abort, which nobody is left to hear of
      objects.return(undefined).catch(() => undefined);
    },
  });
  const headers = new Headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  if (requestId) headers.set('x-request-id', requestId);
  return new Response(body, { headers });
}
