/** Of a name or a value in a message. */
const LONGEST = 120;

/** A name from outside, fit for a line of a message: quoted where it holds anything unusual, and cut. */
export function printable(name: string): string {
  return /^[\w./*<>|-]+$/.test(name) ? cut(name) : printableValue(cut(name));
}

/** A value from outside as JSON, fit for a line of a message, and cut. */
export function printableValue(value: unknown): string {
  // JSON.stringify leaves as they are: DEL, C1 controls, line separators, and marks that turn the direction of text
  return cut(JSON.stringify(value ?? null)).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** The first names, then a count: "a, b, c and 21 more". */
export function few(names: readonly string[], most = 3): string {
  const first = names.slice(0, most).map(printable).join(', ');
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** 13,761,264,768 as "13.76 GB": decimal, like AWS's limits and Hugging Face's pages. */
export function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
