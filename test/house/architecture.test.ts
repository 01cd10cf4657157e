import { describe, expect, it } from 'vitest';
import { RULES } from './rules.ts';
import { readTree, treeOf } from './source-tree.ts';

const runtime = readTree('runtime');
const shipped = [...runtime, ...readTree('sdk', 'bench')];
const everything = [...shipped, ...readTree('test')];

/** Each rule, where it holds, and trees that break it: a rule that cannot fail proves nothing. */
const CASES: readonly {
  rule: string;
  files: readonly ReturnType<typeof readTree>[number][];
  broken: readonly Readonly<Record<string, string>>[];
}[] = [
  {
    rule: 'noCycles',
    files: runtime,
    broken: [
      { 'runtime/a/x.ts': "import './y.ts';", 'runtime/a/y.ts': "import type { X } from './x.ts';" },
      {
        'runtime/a.ts': "export * from './b.ts';",
        'runtime/b.ts': "const c = await import('./c.ts');",
        'runtime/c.ts': "import {\n  type A,\n} from './a.ts';",
      },
      { 'runtime/self.ts': "import type { Self } from './self.ts';" },
    ],
  },
  {
    rule: 'roomsKeepTheirPlace',
    files: runtime,
    broken: [
      { 'runtime/contract/x.ts': "import type { A } from '../wasm/a.ts';" },
      { 'runtime/wasm/x.ts': "import { a } from '../snapshot/a.ts';" },
      { 'runtime/pool/pool.ts': "import { type A } from '../isolate/a.ts';" },
      { 'runtime/pool/x.ts': "import type { B } from './b.ts';\nimport { A } from '../isolate/a.ts';" },
      { 'runtime/registry/x.ts': "import { open } from '../store/sqlite/open.ts';" },
      { 'runtime/gateway/auth/x.ts': "import { pool } from '../../pool/pool.ts';" },
      { 'runtime/cli/x.ts': "const p = import('../pool/pool.ts');" },
      { 'runtime/dispatch/x.ts': "import { a } from '../a.ts';" },
      { 'runtime/attic/x.ts': '' },
    ],
  },
  { rule: 'workerIsAnEntry', files: runtime, broken: [{ 'runtime/pool/pool.ts': "import './worker.ts';" }] },
  {
    rule: 'librariesStayInTheirRoom',
    files: runtime,
    broken: [
      { 'runtime/dispatch/x.ts': "import { Counter } from 'prom-client';" },
      { 'runtime/gateway/x.ts': "import { Sha256 } from '@aws-crypto/sha256-js';" },
      { 'runtime/pool/worker.ts': "import Piscina from 'piscina';" },
      { 'runtime/store/x.ts': "import Database from 'libsql';" },
      { 'runtime/isolate/x.ts': "import koffi from 'koffi';" },
      { 'runtime/gateway/x.ts': "import pad from 'left-pad';" },
    ],
  },
  {
    rule: 'startLoadsLittle',
    files: runtime,
    broken: [
      { 'runtime/main.ts': "import './x.ts';", 'runtime/x.ts': "import { Counter } from 'prom-client';" },
      { 'runtime/pool/worker.ts': "export { build } from '../isolate/build.ts';" },
      { 'runtime/cli/isola.ts': "import { compile } from './toolchain/compile.ts';" },
    ],
  },
  {
    rule: 'pureRoomsKnowNoNode',
    files: runtime,
    broken: [{ 'runtime/wasm/x.ts': "import { readFileSync } from 'node:fs';" }],
  },
  {
    rule: 'namesStayInTheirRoom',
    files: runtime,
    broken: [
      { 'runtime/wasm/x.ts': 'export const ok = WebAssembly.validate(bytes);' },
      { 'runtime/gateway/x.ts': 'const port = process.env.PORT;' },
      { 'runtime/pool/x.ts': `const port = \`\${process.env['PORT']}\`;` },
    ],
  },
  {
    rule: 'sqlStaysInTheStore',
    files: runtime,
    broken: [
      { 'runtime/registry/x.ts': "db.exec('SELECT 1');" },
      { 'runtime/store/x.ts': 'db.exec(`\n  DELETE FROM functions`);' },
    ],
  },
  { rule: 'filesAreSmall', files: shipped, broken: [{ 'runtime/wasm/x.ts': 'a;\n'.repeat(401) }] },
  {
    rule: 'namesAreKebabCase',
    files: everything,
    broken: [{ 'runtime/wasm/CamelCase.ts': '' }, { 'runtime/wasm/snake_case.ts': '' }, { 'runtime/Wasm/x.ts': '' }],
  },
  {
    rule: 'namesSayWhatIsInside',
    files: everything,
    broken: [{ 'runtime/wasm/utils.ts': '' }, { 'runtime/helpers/x.ts': '' }, { 'runtime/wasm/string-util.ts': '' }],
  },
  {
    rule: 'noDefaultExports',
    files: shipped,
    broken: [
      { 'runtime/wasm/x.ts': 'export default 1;' },
      { 'runtime/wasm/x.ts': 'const a = 1;\nexport { a as default };' },
    ],
  },
];

describe('the house', () => {
  it('is there to be looked at', () => {
    expect(runtime.length).toBeGreaterThan(20);
    expect(runtime.flatMap((file) => file.imports).length).toBeGreaterThan(40);
  });

  it('has a case for every rule', () => {
    expect(CASES.map(({ rule }) => rule).sort()).toEqual(Object.keys(RULES).sort());
  });

  it.each(CASES)('keeps $rule', ({ rule, files }) => {
    expect(RULES[rule]!(files)).toEqual([]);
  });

  it.each(CASES.flatMap(({ rule, broken }) => broken.map((tree) => ({ rule, tree }))))(
    '$rule sees what is wrong with $tree',
    ({ rule, tree }) => {
      expect(RULES[rule]!(treeOf(tree))).not.toEqual([]);
    },
  );
});
