import { constraint } from '../log-error.ts';
import { parseJsonPattern } from './json-pattern.ts';
import { parseSpacePattern } from './space-pattern.ts';
import { parseTermPattern } from './term-pattern.ts';

/** Is the message one of those that the pattern asks for? */
export type FilterPattern = (message: string) => boolean;

const LONGEST = 1_024;

/**
 * CloudWatch Logs' filter patterns: terms, JSON (`{ $.level = "error" }`) and fields (`[ip, ..., status = 5*]`). An empty one asks
 * for everything. Throws a LogError for what is none.
 */
export function parseFilterPattern(source: string): FilterPattern {
  if (source.length > LONGEST) {
    throw constraint(source, 'filterPattern', `have length less than or equal to ${LONGEST}`);
  }
  const text = source.trim();
  if (text.startsWith('{') && text.endsWith('}')) return parseJsonPattern(text);
  if (text.startsWith('[') && text.endsWith(']')) return parseSpacePattern(text);
  return parseTermPattern(text);
}
