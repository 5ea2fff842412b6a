import { isObject, parseJson, type JsonObject, type JsonValue } from '../json';
import { BASE_CHAT, type FieldRules } from '../request/fields';
import { baseBody } from '../request/invoke-body';
import { readChatRequest } from '../request/chat-request';
import { badRequest } from '../refusal';

/** Bedrock's default quota for the least number of records in a job; yours is in Service Quotas. */
export const MINIMUM_RECORDS = 100;
/** The file is made in memory. Bedrock itself commonly takes files of 1 GB. */
const LARGEST_FILE = 200_000_000;

/**
 * The file of a batch: a line of `{ recordId, modelInput }` for each request, ids by position. Throws an `Error` that names
 * the request and the field by what is wrong, when there are too few requests, and when the file is over 200 MB.
 */
export function recordLines(requests: readonly object[], minimum: number, rules: FieldRules): string {
  if (requests.length < minimum) {
    throw new Error(`A batch needs at least ${minimum} requests, got ${requests.length}; send fewer ones as chats`);
  }
  const lines: string[] = [];
  let size = 0;
  requests.forEach((request, index) => {
    const line = JSON.stringify({ recordId: recordId(index), modelInput: modelInput(request, index, rules) });
    size += Buffer.byteLength(line) + 1;
    if (size > LARGEST_FILE) throw new Error(`The batch is over 200 MB at requests[${index}]; make several of it`);
    lines.push(line);
  });
  return `${lines.join('\n')}\n`;
}

/** Eleven letters and digits, as in AWS's examples. */
export function recordId(index: number): string {
  return `CALL${String(index + 1).padStart(7, '0')}`;
}

/** The position that a record's id tells; undefined if the id is not ours. */
export function positionOf(id: JsonValue | undefined): number | undefined {
  const digits = typeof id === 'string' ? /^CALL(\d{7,9})$/.exec(id)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits) - 1;
}

function modelInput(request: object, index: number, rules: FieldRules): JsonObject {
  // what a request looks like on the wire: no functions, no undefined
  const body = parseJson(JSON.stringify(request));
  try {
    if (!isObject(body)) throw badRequest('not an object');
    const read = readChatRequest(body, BASE_CHAT, rules);
    if (read.stream) throw badRequest("'stream' must be false: a batch is no stream", 'stream');
    if (read.serviceTier) throw badRequest("'service_tier' is not for batches", 'service_tier');
    return baseBody(read);
  } catch (error) {
    throw new Error(`requests[${index}]: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
