import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lex } from './lexer.ts';

/** Everything that the package exports. A change here is a change for users: say so in the commit. */
const SURFACE = ['ConfigError', 'serve', 'startIsola', 'type Config', 'type Running'];

/** The names that a file of re-exports gives away; `*` when it gives away all of another. */
function exportedNames(source: string): readonly string[] {
  return [...lex(source).code.matchAll(/\bexport\s+(type\s+)?(?:\{([^}]*)\}|(\*))/g)]
    .flatMap(([, type, names, star]) =>
      (star ?? names ?? '')
        .split(',')
        .map((name) => name.trim().replace(/^(type )?.* as /, '$1'))
        .filter((name) => name !== '')
        .map((name) => (type && !name.startsWith('type ') ? `type ${name}` : name)),
    )
    .sort();
}

describe('the public surface', () => {
  it('is this and nothing else', () => {
    expect(exportedNames(readFileSync('runtime/index.ts', 'utf8'))).toEqual(SURFACE);
  });

  it.each([
    ["export { a, type B, c as d } from './x.ts';", ['a', 'd', 'type B']],
    ["export type {\n  A,\n  B,\n} from './x.ts';", ['type A', 'type B']],
    ["export * from './x.ts';", ['*']],
  ])('is read from %j', (source, names) => {
    expect(exportedNames(source)).toEqual(names);
  });
});
