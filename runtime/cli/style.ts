/** Emphasis for people; every function returns its text unchanged when colours are off. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const ESC = '\u001b[';
const paint =
  (code: number) =>
  (text: string): string =>
    `${ESC}${code}m${text}${ESC}0m`;
const same = (text: string): string => text;

export const plainStyle: Style = { bold: same, dim: same, good: same, bad: same };
export const colourStyle: Style = { bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31) };

/** Rows under a header, columns two spaces apart, no trailing blanks. */
export function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A name that others chose, with whatever a terminal would obey spelled out. */
export function toPrintable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Lines in a frame. */
export function toBox(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = '─'.repeat(width + 4);
  return [`┌${edge}┐`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `└${edge}┘`].join('\n');
}
