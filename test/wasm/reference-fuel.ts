import type { Instruction, ParsedFunction, ParsedModule } from './flat-text.ts';

const SLACK = 8;
const MOST_LEAF = 40;
const SIZED: Readonly<Record<string, string>> = {
  'memory.fill': 'i64.const 4\ni64.shr_u',
  'memory.copy': 'i64.const 4\ni64.shr_u',
  'memory.grow': 'i64.const 8\ni64.shl\ni64.const 8192\ni64.add',
};
const ENDS = new Set(['return', 'unreachable']);

/** What an instruction costs by its name, by the cost table of the documentation. */
function weightOf(name: string): number {
  if (name === 'block' || name === 'loop' || name === 'nop') return 0;
  if (/^i(32|64)\.(div|rem)_/.test(name)) return 8;
  if (/^f(32|64)\.(div|sqrt)$/.test(name) || /^f(32x4|64x2)\.(div|sqrt)$/.test(name)) return 4;
  return 1;
}

/** The module with a counter in it that holds, after a run, what the cost table says of that run. In text. */
export function countByTable(module: ParsedModule): string {
  return new Reference(module).write();
}

class Reference {
  readonly #module: ParsedModule;
  readonly #leaves: ReadonlyMap<number, number>;

  constructor(module: ParsedModule) {
    this.#module = module;
    const leaves = new Map<number, number>();
    for (const candidate of module.functions) {
      if (candidate.exported || (candidate.inTable && !module.tablesAreClosed)) continue;
      const fuel = dearest(candidate.body, 0, [0]);
      if (fuel !== undefined && fuel <= MOST_LEAF) leaves.set(candidate.index, fuel);
    }
    this.#leaves = leaves;
  }

  write(): string {
    const { before, functions, after } = this.#module;
    const written = functions.map(({ index, header, body }) => {
      const own = this.#leaves.has(index) ? this.#copy(body) : this.#count(body, false);
      return `${header}\n(local $size i32)\n${own.join('\n')}\n)`;
    });
    const open = after.replace(/\)\s*$/, '');
    return `${before}\n${written.join('\n')}\n${open}\n(global $count (export "count") (mut i64) (i64.const 0)))`;
  }

  #copy(list: readonly Instruction[]): string[] {
    return list.flatMap(({ text, body, orElse }) =>
      body ? [text, ...this.#copy(body), ...(orElse ? ['else', ...this.#copy(orElse)] : []), 'end'] : [text],
    );
  }

  #count(list: readonly Instruction[], inBlock: boolean): string[] {
    const lines: string[] = [];
    for (const [at, one] of list.entries()) {
      const rest =
        inBlock && one.name === 'br_if' && one.label === 0 ? this.#level(list.slice(at + 1), true) : undefined;
      if (rest !== undefined && rest <= SLACK) {
        lines.push(...add(weightOf(one.name) + rest), ...this.#copy(list.slice(at)));
        return lines;
      }
      const whole = one.name === 'if' ? this.#levelIf(one) : undefined;
      if (whole !== undefined) {
        lines.push(...add(whole), ...this.#copy([one]));
        continue;
      }
      lines.push(...add(this.#costOf(one)), ...bySize(one.name), one.text);
      if (!one.body) continue;
      lines.push(...this.#count(one.body, one.name === 'block'));
      if (one.orElse) lines.push('else', ...this.#count(one.orElse, false));
      lines.push('end');
    }
    return lines;
  }

  #costOf({ name, callee, type }: Instruction): number {
    const weight = weightOf(name);
    if (name === 'call') return weight + (this.#leaves.get(callee!) ?? 0);
    if (name !== 'call_indirect') return weight;
    const ofType = ({ index, inTable, type: own }: ParsedFunction): number =>
      inTable && own === type ? (this.#leaves.get(index) ?? 0) : 0;
    return weight + Math.max(0, ...this.#module.functions.map(ofType));
  }

  #levelIf({ body, orElse }: Instruction): number | undefined {
    const arms = [this.#level(body!, false), this.#level(orElse ?? [], false)];
    const [then, other] = arms;
    if (then === undefined || other === undefined || Math.abs(then - other) > SLACK) return undefined;
    return weightOf('if') + Math.max(then, other);
  }

  /** What code costs that holds nothing but plain instructions, blocks and level ways. */
  #level(list: readonly Instruction[], inBlock: boolean): number | undefined {
    let sum = 0;
    for (const [at, one] of list.entries()) {
      if (one.name === 'br_if') {
        const rest = inBlock && one.label === 0 ? this.#level(list.slice(at + 1), true) : undefined;
        return rest !== undefined && rest <= SLACK ? sum + weightOf(one.name) + rest : undefined;
      }
      const cost =
        one.name === 'if'
          ? this.#levelIf(one)
          : one.name === 'block'
            ? this.#level(one.body!, true)
            : this.#isPlain(one)
              ? this.#costOf(one)
              : undefined;
      if (cost === undefined) return undefined;
      sum += cost;
    }
    return sum;
  }

  #isPlain({ name, callee }: Instruction): boolean {
    if (name === 'call') return this.#leaves.has(callee!);
    return !(name === 'loop' || name === 'call_indirect' || name.startsWith('br') || ENDS.has(name) || name in SIZED);
  }
}

/** Fuel of the dearest way through code up to what follows, where it neither loops, calls nor costs by size. */
function dearest(list: readonly Instruction[], after: number, labels: readonly number[]): number | undefined {
  let fuel: number | undefined = after;
  for (const { name, body, orElse, label, targets } of list.toReversed()) {
    if (fuel === undefined || name === 'loop' || name.startsWith('call') || name in SIZED) return undefined;
    if (body) {
      const then: number | undefined = dearest(body, fuel, [fuel, ...labels]);
      const other: number | undefined = name === 'if' ? dearest(orElse ?? [], fuel, [fuel, ...labels]) : then;
      if (then === undefined || other === undefined) return undefined;
      fuel = Math.max(then, other);
    } else if (name === 'br') fuel = labels[label!]!;
    else if (name === 'br_if') fuel = Math.max(fuel, labels[label!]!);
    else if (name === 'br_table') fuel = Math.max(...targets!.map((target) => labels[target]!));
    else if (ENDS.has(name)) fuel = 0;
    fuel += weightOf(name);
  }
  return fuel;
}

function add(fuel: number): string[] {
  return fuel === 0 ? [] : ['global.get $count', `i64.const ${fuel}`, 'i64.add', 'global.set $count'];
}

function bySize(name: string): string[] {
  const shift = SIZED[name];
  if (shift === undefined) return [];
  const amount = ['local.get $size', 'i64.extend_i32_u', shift];
  return ['local.set $size', 'global.get $count', ...amount, 'i64.add', 'global.set $count', 'local.get $size'];
}
