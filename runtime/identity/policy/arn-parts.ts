const PARTS = 6;

/** The parts of an ARN, `most` at the most, of which the last has the colons that are left. */
export function toArnParts(arn: string, most: number = PARTS): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let isInBraces = false;
  for (let at = 0; at < arn.length && parts.length < most - 1; at += 1) {
    // A colon inside of a variable's braces divides nothing.
    if (arn[at] === '{' && arn[at - 1] === '$') isInBraces = true;
    else if (arn[at] === '}') isInBraces = false;
    else if (arn[at] === ':' && !isInBraces) {
      parts.push(arn.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, arn.slice(start)];
}
