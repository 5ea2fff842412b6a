import { documents } from '../answer/documents';
import type { Piece } from '../answer/piece';
import { pieceOf } from '../answer/shapes';
import { isObject, parseJson, type JsonObject } from '../json';
import type { CallSettings, InvokeRuntime } from '../port';
import { badRequest, brokenAnswer } from '../refusal';
import type { Way } from './asking';
import type { Line } from './line';
import { peeked } from './stream-reading';

/** Bedrock's limit for InvokeModel's body: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
export const LARGEST_BODY = 25_000_000;

/** Through InvokeModel and InvokeModelWithResponseStream, or what answers in their stead. */
export function invokeWay(
  runtime: InvokeRuntime,
  modelId: string,
  body: JsonObject,
  settings: CallSettings,
  line: Line,
): Way {
  const call = { modelId, body: bytesOf(body), ...settings };
  return {
    ask: async ({ timeout }) => {
      const asked = runtime.invoke(call, line.signal);
      const answer = await line.within(timeout, 'no answer from Bedrock', asked);
      return { requestId: answer.requestId, pieces: [wholePiece(answer.body)] };
    },
    askStream: async (limits) => {
      const { requestId, items } = await peeked(runtime.invokeStream(call, line.signal), limits, line);
      return { requestId, items: piecesOf(items) };
    },
  };
}

function bytesOf(body: JsonObject): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  if (bytes.length <= LARGEST_BODY) return bytes;
  throw badRequest(
    `The request has ${bytes.length} bytes; Bedrock takes 25,000,000 at most`,
    null,
    'request_too_large',
  );
}

function wholePiece(body: Uint8Array): Piece {
  const text = textOf(body);
  const value = parseJson(text);
  const piece = isObject(value) ? pieceOf(value) : undefined;
  if (!piece) throw brokenAnswer(`Bedrock's answer is no completion: ${text.slice(0, 200)}`);
  return piece;
}

/** A character that is none would else become another one in silence. */
function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw brokenAnswer("Bedrock's answer is not UTF-8", 'invalid_utf8');
  }
}

async function* piecesOf(frames: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const read = documents();
  for await (const bytes of frames) {
    for (const document of read.push(bytes)) {
      const piece = pieceOf(document);
      // a frame of another shape says nothing; if it was the end that we don't know, the stream counts as incomplete
      if (piece) yield piece;
    }
  }
  read.end();
}
