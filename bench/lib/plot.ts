import { median } from './statistics.ts';

/** One bar: a name and the values of its rounds. */
export interface Bar {
  readonly name: string;
  readonly values: readonly number[];
}

const WIDTH = 860;
const LABEL_WIDTH = 260;
const VALUE_WIDTH = 110;
const ROW_HEIGHT = 34;
const TOP = 56;

/** A bar per name at the median of its rounds, and a dot per round, as SVG. */
export function plotOf(title: string, bars: readonly Bar[], label: string): string {
  const greatest = Math.max(...bars.flatMap(({ values }) => values), Number.MIN_VALUE);
  const scale = (value: number): number => (value / greatest) * (WIDTH - LABEL_WIDTH - VALUE_WIDTH);
  const rows = bars.map(({ name, values }, index) => {
    const y = TOP + index * ROW_HEIGHT;
    const middle = median(values);
    const dots = values.map((value) => `<circle cx="${at(LABEL_WIDTH + scale(value))}" cy="${y + 11}" r="3"/>`);
    return [
      `<text x="${LABEL_WIDTH - 10}" y="${y + 15}" text-anchor="end">${escapeXml(name)}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${at(scale(middle))}" height="22"/>`,
      `<g>${dots.join('')}</g>`,
      `<text x="${WIDTH - 8}" y="${y + 15}" text-anchor="end">${short(middle)}</text>`,
    ].join('\n');
  });
  const height = TOP + bars.length * ROW_HEIGHT + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
<style>
svg{background:#fff;font:13px system-ui,sans-serif;fill:#1b1f24}
rect{fill:#8fb4d9}
circle{fill:#0b3d6b;fill-opacity:.6}
.title{font-weight:600}
.axis{fill:#59636e}
</style>
<text class="title" x="8" y="20">${escapeXml(title)}</text>
<text class="axis" x="8" y="40">${escapeXml(label)}; bar: median of the rounds, dots: the rounds</text>
${rows.join('\n')}
</svg>
`;
}

const at = (value: number): string => value.toFixed(1);

/** Three significant digits, thousands grouped. */
export const short = (value: number): string => {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
