/** CloudFormation takes 4,096 bytes in all; the framework adds the log's name and the rest of its answer. */
const MESSAGE_BYTES = 3000;

/** The framework sends message and stack trace together, and CloudFormation refuses answers over 4,096 bytes. */
export function answerable(message: string): Error {
  const error = new Error(shortened(message));
  error.stack = 'see the message';
  return error;
}

/** Counted as in the answer, which is JSON: there a quotation mark has two bytes and a control character six. */
function shortened(message: string): string {
  const bytesOf = (text: string) => Buffer.byteLength(JSON.stringify(text));
  if (bytesOf(message) <= MESSAGE_BYTES) return message;
  let [short, bytes] = ['', 0];
  for (const character of message) {
    bytes += bytesOf(character) - 2;
    if (bytes > MESSAGE_BYTES) break;
    short += character;
  }
  return `${short} …`;
}
