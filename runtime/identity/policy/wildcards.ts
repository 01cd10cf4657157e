/** A pattern's characters: a code unit, or one of the two wildcards, which no code unit equals. */
export type Pattern = readonly number[];

const ANY_RUN = -1;
const ANY_ONE = -2;
const COLON = 0x3a;

/** What `*` may stand for: anything, or, inside of a segment of an ARN, nothing with a colon. */
export type Reach = 'anything' | 'segment';

export function toPattern(text: string): Pattern {
  return Array.from({ length: text.length }, (_, at) => {
    const code = text.charCodeAt(at);
    return code === 0x2a ? ANY_RUN : code === 0x3f ? ANY_ONE : code;
  });
}

/** The same for a pattern as it stands in a policy. What most of them need, no wildcard or one at the end, is seen at once. */
export function fits(pattern: string, text: string, reach: Reach = 'anything'): boolean {
  const first = pattern.search(/[*?]/);
  if (first === -1) return pattern === text;
  if (!text.startsWith(pattern.slice(0, first))) return false;
  if (first === pattern.length - 1 && pattern.endsWith('*')) return true;
  return matches(toPattern(pattern), text, reach);
}

/**
 * True when the whole text fits. Takes time in proportion to both lengths, whatever the pattern: it moves through all
 * places of the pattern at once.
 */
export function matches(pattern: Pattern, text: string, reach: Reach = 'anything'): boolean {
  if (pattern.length === 1 && pattern[0] === ANY_RUN) return true;
  let places = new Uint8Array(pattern.length + 1);
  enter(places, 0, pattern);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const next = new Uint8Array(pattern.length + 1);
    let isAlive = false;
    for (let place = 0; place < pattern.length; place += 1) {
      if (places[place] === 0) continue;
      const wanted = pattern[place];
      if (wanted === ANY_RUN) {
        if (code === COLON && reach === 'segment' && !endsSegment(pattern, place)) continue;
        enter(next, place, pattern);
      } else if (wanted === code || wanted === ANY_ONE) {
        enter(next, place + 1, pattern);
      } else continue;
      isAlive = true;
    }
    if (!isAlive) return false;
    places = next;
  }
  return places[pattern.length] === 1;
}

/** A run may be empty: whoever stands before one stands behind it too. */
function enter(places: Uint8Array, place: number, pattern: Pattern): void {
  let at = place;
  while (places[at] === 0) {
    places[at] = 1;
    if (pattern[at] !== ANY_RUN) return;
    at += 1;
  }
}

/** IAM lets an asterisk go past colons where it is the last of its segment. */
function endsSegment(pattern: Pattern, place: number): boolean {
  return place === pattern.length - 1 || pattern[place + 1] === COLON;
}
