export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Axis {
  readonly name: string;
  readonly unit: string;
}

const WIDTH = 860;
const HEIGHT = 320;
const LEFT = 80;
const RIGHT = 50;
const TOP = 50;
const BOTTOM = 50;
/** Least number of steps of an axis. */
const STEPS = 4;

/** One line over a grid as SVG, readable on light and dark pages. Both axes are linear and begin at zero. */
export function drawLine(title: string, x: Axis, y: Axis, points: readonly Point[]): string {
  const ticks = {
    x: toTicks(Math.max(...points.map((point) => point.x))),
    y: toTicks(Math.max(...points.map((point) => point.y))),
  };
  const most = { x: ticks.x.at(-1) as number, y: ticks.y.at(-1) as number };
  const across = (value: number): string => (LEFT + (value / most.x) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const up = (value: number): string => (HEIGHT - BOTTOM - (value / most.y) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const line = points.map((point) => `${across(point.x)},${up(point.y)}`).join(' ');
  const rows = ticks.y.map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(value)}" y2="${up(value)}" stroke="#667" stroke-opacity="0.2"/>` +
      `<text x="${LEFT - 8}" y="${up(value)}" dy="4" text-anchor="end">${value.toLocaleString('en')} ${y.unit}</text>`,
  );
  const columns = ticks.x.map(
    (value) =>
      `<text x="${across(value)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${value.toLocaleString('en')}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#667" role="img">
<title>${title}</title>
<text x="10" y="22" font-size="15" font-weight="600">${title}</text>
${[...rows, ...columns].join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${x.name}${x.unit === '' ? '' : `, ${x.unit}`}</text>
<polyline points="${line}" fill="none" stroke="#2f6f9f" stroke-width="2"/>
</svg>
`;
}

/** From zero to at least `most` in steps of 1, 2 or 5 times a power of ten. */
function toTicks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / STEPS));
  const step = power * (([5, 2, 1] as const).find((times) => times * power * STEPS <= most) ?? 1);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, tick) => tick * step);
}
