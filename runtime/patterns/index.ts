export { PatternError, parsePattern } from './parse-pattern.ts';
export { matches, type Pattern } from './pattern.ts';
