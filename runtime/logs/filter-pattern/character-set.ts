/** The first and the last code of characters that follow each other. */
type Range = readonly [number, number];

/** Characters by their UTF-16 codes. */
export interface CharacterSet {
  /** In order, with others between them. */
  readonly ranges: readonly Range[];
  has(code: number): boolean;
}

const LAST_CODE = 0xffff;

/** Ranges may overlap, and come in any order. */
export function toCharacterSet(given: readonly Range[]): CharacterSet {
  const ranges: Range[] = [];
  for (const [from, to] of [...given].sort(([a], [b]) => a - b)) {
    const before = ranges.at(-1);
    if (before !== undefined && from <= before[1] + 1) ranges[ranges.length - 1] = [before[0], Math.max(before[1], to)];
    else ranges.push([from, to]);
  }
  return { ranges, has: (code) => holds(ranges, code) };
}

export function complementOf({ ranges }: CharacterSet): CharacterSet {
  const starts = [0, ...ranges.map(([, to]) => to + 1)];
  const ends = [...ranges.map(([from]) => from - 1), LAST_CODE];
  return toCharacterSet(starts.map((from, at): Range => [from, ends[at] ?? 0]).filter(([from, to]) => from <= to));
}

/** Halves what is left to look at. */
function holds(ranges: readonly Range[], code: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle] as Range;
    if (code < from) high = middle;
    else if (code > to) low = middle + 1;
    else return true;
  }
  return false;
}
