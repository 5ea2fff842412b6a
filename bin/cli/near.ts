/** The word that was probably meant: at most a third of its letters away, counting two that changed places as one. */
export function near(given: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((word) => ({ word, distance: distance(given, word) }))
    .filter(({ word, distance }) => distance <= Math.max(1, Math.floor(word.length / 3)) || begins(word, given))
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.word;
}

function begins(word: string, given: string): boolean {
  return given.length >= 3 && word.startsWith(given);
}

/** Optimal string alignment. Words of a command line are short; longer ones are nobody's typing error. */
function distance(from: string, to: string): number {
  if (from.length > 40) return Infinity;
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
