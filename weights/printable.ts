/** Of a name or a value in a message. */
const LONGEST = 120;

/** A name from outside, fit for a line of a message: quoted where it holds anything unusual, and cut. */
export function printable(name: string): string {
  return cut(name, (start) => (/^[\w./*<>|-]+$/.test(name) ? start : escaped(JSON.stringify(start))));
}

/** A value from outside as JSON, fit for a line of a message, and cut. */
export function printableValue(value: unknown): string {
  return cut(JSON.stringify(value ?? null), escaped);
}

/** JSON.stringify leaves as they are: DEL, C1 controls, line separators, and marks that turn the direction of text. */
function escaped(json: string): string {
  return json.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

function cut(text: string, shown: (start: string) => string): string {
  return text.length > LONGEST ? `${shown(text.slice(0, LONGEST))}… (${text.length} characters)` : shown(text);
}

/** "1 tensor is", "2 tensors are". */
export function counted(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}

/** The first names, then a count: "a, b, c and 21 more". */
export function few(names: readonly string[], most = 3): string {
  const first = names.slice(0, most).map(printable).join(', ');
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** "280 B", "16.7 kB", "27.9 MB", "13.76 GB": decimal, like AWS's limits and Hugging Face's pages. */
export function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
