/** One bar: parts drawn end to end, in the picture's unit. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
}

const COLOURS = ['#2f6f9f', '#58a06a', '#d9a441', '#b5544f', '#7a6fb0'];
const LEFT = 250;
const WIDTH = 860;
const ROW = 30;

/** A horizontal bar chart as SVG, readable on light and dark pages. Values share one linear scale from zero. */
export function drawBars(title: string, unit: string, bars: readonly Bar[]): string {
  const total = (bar: Bar) => bar.parts.reduce((sum, { value }) => sum + value, 0);
  const scale = (WIDTH - LEFT - 110) / Math.max(...bars.map(total));
  const names = [...new Set(bars.flatMap((bar) => bar.parts.map(({ name }) => name)))];
  const colour = (name: string) => COLOURS[names.indexOf(name) % COLOURS.length];
  const height = 74 + bars.length * ROW;
  const rows = bars.map((bar, index) => {
    const y = 62 + index * ROW;
    let x = LEFT;
    const rects = bar.parts.map(({ name, value }) => {
      const width = value * scale;
      const rect = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="18" rx="2" fill="${colour(name)}"/>`;
      x += width;
      return rect;
    });
    const figure = `<text x="${(x + 8).toFixed(1)}" y="${y + 14}">${total(bar).toPrecision(3)} ${unit}</text>`;
    return `<text x="${LEFT - 10}" y="${y + 14}" text-anchor="end">${bar.label}</text>${rects.join('')}${figure}`;
  });
  const legend = names.map(
    (name, index) =>
      `<rect x="${LEFT + index * 130}" y="36" width="12" height="12" rx="2" fill="${colour(name)}"/>` +
      `<text x="${LEFT + 18 + index * 130}" y="47">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#667" role="img">
<title>${title}</title>
<text x="10" y="22" font-size="15" font-weight="600">${title}</text>
${[...legend, ...rows].join('\n')}
</svg>
`;
}
