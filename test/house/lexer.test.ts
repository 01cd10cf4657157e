import { describe, expect, it } from 'vitest';
import { lex } from './lexer.ts';
import { treeOf } from './source-tree.ts';

const words = (source: string): readonly string[] => lex(source).code.match(/\w+/g) ?? [];

describe('the lexer', () => {
  it.each([
    ['a; // b\nc /* d\n e */ f', ['a', 'c', 'f']],
    [`a('b"', "c'\\"", d)`, ['a', 'd']],
    [`\`a \${b + \`c \${d}\` + { e: 'f' }.e} g\` + h`, ['b', 'd', 'e', 'e', 'h']],
    ["x = /'[/']a/.test(b) && c / d / e", ['x', 'test', 'b', 'c', 'd', 'e']],
    ["s.replace(/'/g, b); 'c'", ['s', 'replace', 'g', 'b']],
    ["'http://a'; b", ['b']],
  ])('tells code from text in %j', (source, expected) => {
    expect(words(source)).toEqual(expected);
  });

  it('keeps lines where they are, and strings for those who ask', () => {
    const { code, strings } = lex("/* a\n */ const b = 'c';");
    expect(code.split('\n')).toHaveLength(2);
    expect(strings).toEqual(['c']);
  });
});

describe('imports', () => {
  it('are found in every form, and only where they are code', () => {
    const [file] = treeOf({
      'runtime/a/x.ts': [
        "import a from './a.ts';",
        "import type { B } from '../b.ts';",
        "import {\n  type C,\n} from 'c';",
        "import './d.ts';",
        "export type { E } from './e.ts';",
        "const f = await import('./f.ts');",
        "// import g from './g.ts';",
        'const h = "import h from \'./h.ts\'";',
        "Buffer.from('i');",
      ].join('\n'),
    });
    expect(file?.imports.map(({ specifier, typeOnly }) => (typeOnly ? `type ${specifier}` : specifier))).toEqual([
      './a.ts',
      'type ../b.ts',
      'c',
      './d.ts',
      'type ./e.ts',
      './f.ts',
    ]);
    expect(file?.imports[1]?.file).toBe('runtime/b.ts');
  });
});
