/** CloudFormation takes 4,096 bytes in all; the framework adds the log's name and the rest of its answer. */
const MESSAGE_BYTES = 3000;

/** Of which the end has these: it says what to do next. */
const END_BYTES = 1200;

/** Why a request fails, as it is answered. Whatever else a handler throws is a bug of ours. */
export class Answer extends Error {
  /** The framework sends message and stack trace together, and CloudFormation refuses answers over 4,096 bytes. */
  override readonly stack = 'see the message';
}

export function answerable(message: string): Answer {
  return new Answer(shortened(message));
}

/** Cuts out of the middle what CloudFormation has no room for. */
function shortened(message: string): string {
  if (bytesOf(message) <= MESSAGE_BYTES) return message;
  const characters = Array.from(message);
  const start = fitting(characters, MESSAGE_BYTES - END_BYTES);
  const end = fitting(characters.reverse(), END_BYTES).reverse();
  return `${start.join('')} … ${end.join('')}`;
}

/** The first of characters that are too many. */
function fitting(characters: readonly string[], most: number): string[] {
  let bytes = 0;
  const end = characters.findIndex((character) => (bytes += bytesOf(character)) > most);
  return characters.slice(0, end);
}

/** As in the answer, which is JSON: there a quotation mark has two bytes and a control character six. */
function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
