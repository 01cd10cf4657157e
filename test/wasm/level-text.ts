import type { Random } from '../fuzz/random.ts';

/**
 * Random programs in flat text with many ways that part by little: small arms, skips to a block's end, leaves called directly
 * and through a table. `run` turns a loop over them.
 */
export function createLevelText(random: Random): string {
  const below = (limit: number): number => random.below(limit);
  const pick = <T>(values: readonly T[]): T => random.pick(values);
  const LEAVES = 4;
  const LOCALS = 4;

  const work = (): string[] =>
    Array.from({ length: below(5) }, () => [
      `local.get ${below(LOCALS)}`,
      `local.get ${below(LOCALS)}`,
      pick(['i32.add', 'i32.xor', 'i32.mul', 'i32.rotl', 'i32.sub']),
      `local.set ${below(LOCALS)}`,
    ]).flat();
  const ask = (): string[] => [`local.get ${below(LOCALS)}`, `i32.const ${pick([1, 2, 4, 7])}`, 'i32.and'];

  function statements(depth: number, labels: number, calls: 'calls' | 'a leaf'): string[] {
    const list = work();
    for (let left = below(3); left > 0 && depth > 0; left--) {
      const inside = (more: number): string[] => statements(depth - 1, labels + more, calls);
      const way = below(calls === 'calls' ? 9 : 6);
      if (way === 0) list.push(...ask(), 'if', ...inside(1), 'end');
      else if (way === 1) list.push(...ask(), 'if', ...inside(1), 'else', ...inside(1), 'end');
      else if (way <= 3) list.push('block', ...inside(1), ...ask(), 'br_if 0', ...inside(1), 'end');
      else if (way === 4) list.push('block', ...inside(1), ...ask(), `br_if ${below(labels + 1)}`, ...work(), 'end');
      else if (way === 5) list.push('block', ...ask(), 'br_table 0 0 1', 'end');
      else if (way <= 7)
        list.push(`local.get ${below(LOCALS)}`, `call ${1 + below(LEAVES)}`, `local.set ${below(LOCALS)}`);
      else
        list.push(
          ...['local.get 0', `i32.const ${below(LEAVES)}`, `call_indirect (type ${pick(['$unary', '$same'])})`],
          'local.set 1',
        );
      list.push(...work());
    }
    return list;
  }

  const leaf = (): string =>
    `(func (type ${pick(['$unary', '$same'])}) (local i32 i32 i32)
    block block ${statements(2, 1, 'a leaf').join('\n')} end end local.get ${below(LOCALS)})`;
  return `(module
  (type $unary (func (param i32) (result i32))) (type $same (func (param i32) (result i32)))
  (func (export "run") (param i32) (result i32) (local i32 i32 i32 i32)
    loop block block ${statements(3, 1, 'calls').join('\n')} end end
      local.get 4 i32.const 1 i32.add local.tee 4 i32.const 30 i32.lt_s br_if 0 end
    local.get 0 local.get 1 i32.add local.get 2 i32.add local.get 3 i32.add)
  ${Array.from({ length: LEAVES }, leaf).join('\n')}
  (table funcref (elem 1 2 3 4)))`;
}
