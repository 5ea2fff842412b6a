const LONGEST = 80;

/** A name from outside, fit for a line of a message: quoted where it holds anything unusual, and cut. */
export function printable(name: string): string {
  const cut = name.length > LONGEST ? `${name.slice(0, LONGEST)}… (${name.length} characters)` : name;
  return /^[\w./*<>|-]+$/.test(cut) ? cut : escaped(cut);
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

// JSON.stringify leaves as they are: DEL, C1 controls, line separators, and marks that turn the direction of text
function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
