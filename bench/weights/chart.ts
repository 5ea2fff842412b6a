import type { Figure } from './statistics';
import type { UploadFigures } from './upload';

const WIDTH = 860;
const ROW = 24;
const HEAD = 46;
const LABELS = 130;
const GAP = 30;
const VALUES = 60;

/** Bars of wall and CPU seconds side by side, a line of each from its least to its most, as an SVG. */
export function chart(clients: readonly UploadFigures[], title: string): string {
  const height = HEAD + clients.length * ROW + 16;
  const panel = (WIDTH - LABELS) / 2;
  const names = clients.map(({ name }, at) => text(LABELS - 8, middle(at), escaped(name), at === 0, 'end'));
  const panels = (['wall', 'cpu'] as const).map((what, at) =>
    bars(
      clients.map((client) => client[what]),
      { from: LABELS + at * panel, width: panel - GAP - VALUES },
      what === 'wall' ? 'wall seconds' : "client's CPU seconds",
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" role="img">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(8, 18, escaped(title), true)}
${[...names, ...panels.flat()].join('\n')}
</svg>
`;
}

function bars(figures: readonly Figure[], { from, width }: { from: number; width: number }, title: string): string[] {
  const longest = Math.max(...figures.map(({ most }) => most));
  const long = (value: number) => (value / longest) * width;
  return [
    text(from, 38, title),
    ...figures.flatMap(({ median, least, most }, at) => {
      const y = middle(at);
      const fill = at === 0 ? '#d9730d' : '#9aa5b1';
      return [
        `<rect x="${from}" y="${y - 8}" width="${long(median).toFixed(1)}" height="16" fill="${fill}"/>`,
        `<path d="M${(from + long(least)).toFixed(1)} ${y}H${(from + long(most)).toFixed(1)}" stroke="#222" stroke-width="2"/>`,
        text(from + long(most) + 6, y, median.toFixed(1), at === 0),
      ];
    }),
  ];
}

const middle = (row: number) => HEAD + row * ROW + ROW / 2;

function text(x: number, y: number, words: string, bold = false, anchor: 'start' | 'end' = 'start'): string {
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${x.toFixed(1)}" y="${y}" dominant-baseline="central" text-anchor="${anchor}"${weight}>${words}</text>`;
}

const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
