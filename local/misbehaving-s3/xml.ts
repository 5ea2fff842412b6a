export type Xml = readonly (readonly [tag: string, value: string | number | boolean | Xml])[];

export function xml(root: string, content: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;
}

function element(tag: string, value: string | number | boolean | Xml): string {
  const inner = typeof value === 'object' ? value.map(([name, within]) => element(name, within)).join('') : text(value);
  return `<${tag}>${inner}</${tag}>`;
}

function text(value: string | number | boolean): string {
  return value.toString().replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The texts of every element of a name, in order: enough for the two requests that have a body of XML. */
export function textsOf(document: string, tag: string): string[] {
  return [...document.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, inner = '']) =>
    inner
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replace(/&#x([0-9a-fA-F]+);/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&'),
  );
}

/** The inside of every element of a name. */
export function elementsOf(document: string, tag: string): string[] {
  return document
    .split(`<${tag}>`)
    .slice(1)
    .map((rest) => rest.split(`</${tag}>`)[0] ?? '');
}
