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
const TOP = 50;
const BOTTOM = 50;
const STEPS = 4;

/** One line over a grid as SVG, readable on light and dark pages. Both axes are linear and begin at zero. */
export function drawLine(title: string, x: Axis, y: Axis, points: readonly Point[]): string {
  const most = {
    x: Math.max(...points.map((point) => point.x)),
    y: Math.max(...points.map((point) => point.y)) * 1.15,
  };
  const across = (value: number): string => (LEFT + (value / most.x) * (WIDTH - LEFT - 30)).toFixed(1);
  const up = (value: number): string => (HEIGHT - BOTTOM - (value / most.y) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const line = points.map((point) => `${across(point.x)},${up(point.y)}`).join(' ');
  const grid = Array.from({ length: STEPS + 1 }, (_, step) => {
    const [atX, atY] = [(most.x * step) / STEPS, (most.y * step) / STEPS];
    return (
      `<line x1="${LEFT}" x2="${WIDTH - 30}" y1="${up(atY)}" y2="${up(atY)}" stroke="#667" stroke-opacity="0.2"/>` +
      `<text x="${LEFT - 8}" y="${up(atY)}" dy="4" text-anchor="end">${toFigure(atY)} ${y.unit}</text>` +
      `<text x="${across(atX)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${toFigure(atX)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#667" role="img">
<title>${title}</title>
<text x="10" y="22" font-size="15" font-weight="600">${title}</text>
${grid.join('\n')}
<text x="${(LEFT + WIDTH - 30) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${x.name}${x.unit === '' ? '' : `, ${x.unit}`}</text>
<polyline points="${line}" fill="none" stroke="#2f6f9f" stroke-width="2"/>
</svg>
`;
}

function toFigure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
