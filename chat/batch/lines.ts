/** A record has a request and an answer, each 25 MB at most. */
const LONGEST_LINE = 50_000_000;

/** The lines of a text in UTF-8 that comes in pieces. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const [first = '', ...rest] = decoder.decode(piece, { stream: true }).split('\n');
    held.push(first);
    length += first.length;
    if (length > LONGEST_LINE) throw new Error('A line of the output is over 50 MB');
    for (const next of rest) {
      yield held.join('');
      held = [next];
      length = next.length;
    }
  }
  yield held.join('') + decoder.decode();
}
