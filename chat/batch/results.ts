import { completion, type ChatCompletion } from '../answer/completion';
import { pieceOf } from '../answer/shapes';
import type { Clock } from '../clock';
import { isObject, numberIn, parseJson, textIn, type JsonObject } from '../json';
import { linesOf } from './lines';
import { positionOf } from './records';

/** What became of one request. */
export type BatchResult =
  | { readonly completion: ChatCompletion; readonly error?: undefined }
  | { readonly completion?: undefined; readonly error: BatchRecordError };

export interface BatchRecordError {
  /** Bedrock's number, such as 400; none if the answer is missing or broken. */
  readonly code?: number;
  readonly message: string;
}

/** Bedrock's output files joined back to the requests: a result for each, in the requests' order, whatever the files' is. */
export async function joined(
  files: Iterable<AsyncIterable<Uint8Array>>,
  count: number,
  model: string,
  clock: Clock,
): Promise<BatchResult[]> {
  const results = new Map<number, BatchResult>();
  for (const file of files) {
    for await (const line of linesOf(file)) {
      const record = parseJson(line);
      if (!isObject(record)) continue;
      const position = positionOf(record['recordId']);
      if (position !== undefined && position < count) results.set(position, resultOf(record, model, clock));
    }
  }
  const missing = { error: { message: 'Bedrock wrote no answer for this request' } };
  return Array.from({ length: count }, (_, position) => results.get(position) ?? missing);
}

function resultOf({ modelOutput, error }: JsonObject, model: string, clock: Clock): BatchResult {
  if (isObject(error)) {
    const message = textIn(error['errorMessage']) ?? JSON.stringify(error);
    return { error: { code: numberIn(error['errorCode']), message } };
  }
  try {
    const piece = isObject(modelOutput) ? pieceOf(modelOutput) : undefined;
    return piece
      ? { completion: completion([piece], model, clock) }
      : {
          error: { message: `Bedrock's answer is no completion: ${JSON.stringify(modelOutput ?? null).slice(0, 200)}` },
        };
  } catch (broken) {
    return { error: { message: broken instanceof Error ? broken.message : String(broken) } };
  }
}
