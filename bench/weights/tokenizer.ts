import { tokenizerJson } from '../../local/sample-weights/texts';

/** Merges of OpenAI's tokenizer.json. */
const MERGES = 446_189;

/** A tokenizer.json of 28 MB, as OpenAI's is: a check must not be quick only because the file is small. */
export function fullSizeTokenizer(): string {
  const merges = Array.from({ length: MERGES }, (_, at) => {
    const word = at.toString(36).padStart(5, 'a');
    return `      [\n        "Ġt${word}",\n        "on${word}"\n      ]`;
  });
  return tokenizerJson().replace('"merges": []', () => `"merges": [\n${merges.join(',\n')}\n    ]`);
}
