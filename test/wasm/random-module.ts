/** A module in text, twice: as it is, and with a counter that adds every instruction's weight before it runs. */
export interface RandomModule {
  readonly wat: string;
  readonly counted: string;
  readonly exports: readonly { readonly name: string; readonly params: readonly Type[] }[];
}

export type Type = 'i32' | 'i64' | 'f64';

interface Label {
  readonly name: string;
  readonly loop: boolean;
  readonly types: readonly Type[];
}

interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

interface Line {
  readonly text: string;
  readonly cost: number;
}

const TYPES: readonly Type[] = ['i32', 'i64', 'f64'];
const FREE = new Set(['block', 'loop', 'else', 'end', 'nop']);
const BINARY: Readonly<Record<Type, readonly string[]>> = {
  i32: ['add', 'sub', 'mul', 'xor', 'shl', 'shr_u', 'rotl', 'and', 'or', 'div_u', 'rem_s'],
  i64: ['add', 'sub', 'mul', 'xor', 'shr_s', 'rotr', 'and', 'or', 'div_s', 'rem_u'],
  f64: ['add', 'sub', 'mul', 'min', 'max', 'div'],
};

/** Seeded numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What one execution costs, from the instruction's name alone. */
export function weightOf(text: string): number {
  const name = text.split(' ')[0]!;
  if (FREE.has(name)) return 0;
  if (/^i(32|64)\.(div|rem)_/.test(name)) return 8;
  if (/^f(32|64)\.(div|sqrt)$/.test(name)) return 4;
  return 1;
}

/** A structured program, valid by construction, that ends: functions and loops take steps from a bounded number. */
export function createRandomModule(seed: number): RandomModule {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const types = (most: number): Type[] => Array.from({ length: below(most + 1) }, () => pick(TYPES));
  const signatures: Signature[] = Array.from({ length: 3 + below(5) }, () => ({ params: types(3), results: types(2) }));
  const indirect = signatures[0]!;

  function functionLines(index: number): { header: string; lines: Line[] } {
    const signature = signatures[index]!;
    const locals: Type[] = [...signature.params, 'i32', 'i32', 'i64', 'f64'];
    const lines: Line[] = [];
    const labels: Label[] = [{ name: '$body', loop: false, types: signature.results }];
    let names = 0;
    let room = 60 + below(200);
    const emit = (text: string, extra = 0): undefined => {
      room--;
      lines.push({ text, cost: weightOf(text) + extra });
    };
    const localOf = (type: Type): number =>
      pick(locals.flatMap((candidate, at) => (candidate === type ? [at] : [])).slice(0, 4));

    function constant(type: Type): undefined {
      if (type === 'i32') emit(`i32.const ${pick([0, 1, 2, 3, 7, -1, 64, 65536, -2147483648, below(1000)])}`);
      else if (type === 'i64') emit(`i64.const ${pick(['0', '1', '-1', '12345', '-9223372036854775808'])}`);
      else emit(`f64.const ${pick(['0', '1.5', '-2', '1e300', '0.1'])}`);
    }

    function call(at: number): undefined {
      for (const type of signatures[at]!.params) value(type, 0);
      emit(`call $f${at}`);
    }

    function value(type: Type, depth: number): undefined {
      const choice = depth <= 0 || room < 0 ? below(2) : below(14);
      const of = (at: Type): undefined => value(at, depth - 1);
      switch (choice) {
        case 0:
          return constant(type);
        case 1:
        case 2:
          return emit(`local.get ${localOf(type)}`);
        case 3:
          of(type);
          return emit(`local.tee ${localOf(type)}`);
        case 4:
          return emit(`global.get $g_${type}`);
        case 5: {
          if (type === 'f64') break;
          of('i32');
          emit('i32.const 65535');
          emit('i32.and');
          return emit(
            type === 'i32' ? `i32.load${pick(['', '8_u', '16_s'])} offset=${below(64)}` : 'i64.load offset=8',
          );
        }
        case 6: {
          const arms = pick(['block', 'if']);
          if (arms === 'if') of('i32');
          inside(arms, [], [type], () => {
            statements(1 + below(2), depth - 1);
            value(type, depth - 1);
            if (arms === 'if') {
              emit('else');
              statements(below(2), depth - 1);
              value(type, depth - 1);
            }
          });
          return;
        }
        case 7: {
          const at = signatures.findIndex(({ results }) => results.length === 1 && results[0] === type);
          if (at < 0) break;
          return call(at);
        }
        case 8:
          if (type !== 'i32') break;
          of('i32');
          emit('i32x4.splat');
          emit('i32.const 16');
          emit('v128.load offset=4');
          emit(pick(['i32x4.add', 'i16x8.mul', 'v128.xor', 'i8x16.add_sat_u']));
          return emit(`i32x4.extract_lane ${below(4)}`);
        case 9:
          of(type);
          of(type);
          of('i32');
          return emit('select');
        case 10:
          if (type === 'i32') {
            of('f64');
            return emit('i32.trunc_sat_f64_s');
          }
          of('i32');
          return emit(type === 'i64' ? 'i64.extend_i32_s' : 'f64.convert_i32_u');
        case 11:
          if (type !== 'i32') break;
          of('i64');
          of('i64');
          return emit(pick(['i64.lt_s', 'i64.eq', 'i64.ge_u']));
      }
      of(type);
      of(type);
      emit(`${type}.${pick(BINARY[type])}`);
    }

    function inside(kind: string, params: readonly Type[], results: readonly Type[], fill: () => undefined): undefined {
      const name = `$l${names++}`;
      labels.push({ name, loop: kind === 'loop', types: kind === 'loop' ? params : results });
      const list = (what: string, all: readonly Type[]): string =>
        all.length > 0 ? ` (${what} ${all.join(' ')})` : '';
      emit(`${kind} ${name}${list('param', params)}${list('result', results)}`);
      fill();
      emit('end');
      labels.pop();
    }

    function takeStep(): undefined {
      for (const text of [
        'global.get $steps',
        'i32.const 1',
        'i32.sub',
        'global.set $steps',
        'global.get $steps',
        'i32.eqz',
        'if',
        'unreachable',
        'end',
      ])
        emit(text);
    }

    function statements(count: number, depth: number): undefined {
      for (let left = count; left > 0; left--) statement(depth);
    }

    function loop(depth: number): undefined {
      const counter = signature.params.length + below(2);
      const params = below(3) === 0 ? types(2) : [];
      constant('i32');
      emit('i32.const 7');
      emit('i32.and');
      emit(`local.set ${counter}`);
      for (const type of params) value(type, 0);
      inside('loop', params, params, () => {
        takeStep();
        statements(1 + below(3), depth - 1);
        emit(`local.get ${counter}`);
        emit('i32.const 1');
        emit('i32.sub');
        emit(`local.tee ${counter}`);
        emit('i32.const 0');
        emit('i32.gt_s');
        const name = labels[labels.length - 1]!.name;
        emit(`br_if ${name}`);
      });
      for (const _ of params) emit('drop');
      takeStep();
    }

    function branch(depth: number): undefined {
      const target = pick(labels);
      for (const type of target.types) value(type, depth - 1);
      const kind = below(4);
      if (kind === 0) {
        emit(target.name === '$body' && below(2) === 0 ? 'return' : `br ${target.name}`);
        return;
      }
      value('i32', 1);
      if (kind === 1) {
        const same = labels.filter(({ types: carried }) => carried.join() === target.types.join());
        emit(`br_table ${Array.from({ length: below(3) }, () => pick(same).name).join(' ')} ${target.name}`);
        return;
      }
      emit('i32.const 3');
      emit('i32.and');
      emit('i32.eqz');
      emit(`br_if ${target.name}`);
      for (const _ of target.types) emit('drop');
    }

    function statement(depth: number): undefined {
      const type = pick(TYPES);
      if (depth <= 0 || room < 0) {
        emit('nop');
        return;
      }
      switch (below(13)) {
        case 0:
        case 1:
          value(type, depth);
          return emit(`local.set ${localOf(type)}`);
        case 2:
          value(type, depth);
          return emit(`global.set $g_${type}`);
        case 3:
          value('i32', 1);
          emit('i32.const 65535');
          emit('i32.and');
          value('i32', depth - 1);
          return emit('i32.store8');
        case 4:
        case 5:
          return loop(depth);
        case 6:
          value('i32', depth - 1);
          return inside('if', [], [], () => {
            statements(1 + below(2), depth - 1);
            if (below(2) === 0) {
              emit('else');
              statements(1 + below(2), depth - 1);
            }
          });
        case 7:
          return inside('block', [], [], () => statements(1 + below(3), depth - 1));
        case 8:
        case 9:
          return inside('block', [], [], () => {
            statements(below(2), depth - 1);
            branch(depth);
            if (below(2) === 0) statements(1, depth - 1);
          });
        case 10: {
          const at = below(signatures.length);
          call(at);
          for (const _ of signatures[at]!.results) emit('drop');
          return;
        }
        case 11:
          for (const param of indirect.params) value(param, 0);
          emit(`i32.const ${below(3)}`);
          emit('call_indirect (type $t)');
          for (const _ of indirect.results) emit('drop');
          return;
        default: {
          const bytes = pick([0, 15, 16, 1000, 32_768, 32_769, 65_536]);
          emit(`i32.const ${below(3000)}`);
          emit(`i32.const ${below(3000)}`);
          emit(`i32.const ${bytes}`);
          emit(pick(['memory.fill', 'memory.copy']), bytes >> 4);
        }
      }
    }

    takeStep();
    statements(2 + below(5), 4);
    for (const type of signature.results) value(type, 3);
    const list = (what: string, all: readonly Type[]): string => (all.length > 0 ? ` (${what} ${all.join(' ')})` : '');
    const header = `(func $f${index}${index % 2 === 0 ? ` (export "f${index}")` : ''}${list('param', signature.params)}${list('result', signature.results)} (local i32 i32 i64 f64)`;
    return {
      header,
      lines: [{ text: `block $body${list('result', signature.results)}`, cost: 0 }, ...lines, { text: 'end', cost: 0 }],
    };
  }

  const functions = signatures.map((_, index) => functionLines(index));
  const list = (what: string, all: readonly Type[]): string => (all.length > 0 ? ` (${what} ${all.join(' ')})` : '');
  const members = [0, 1].map((at) => (at < signatures.length ? `$f${at}` : '$f0'));
  const render = (write: (line: Line) => string): string =>
    [
      '(module',
      `(type $t (func${list('param', indirect.params)}${list('result', indirect.results)}))`,
      '(memory (export "memory") 2 3)',
      '(data (i32.const 100) "isola counts what it runs")',
      `(table funcref (elem ${members.join(' ')}))`,
      '(global $g_i32 (export "g_i32") (mut i32) (i32.const 5))',
      '(global $g_i64 (export "g_i64") (mut i64) (i64.const -5))',
      '(global $g_f64 (export "g_f64") (mut f64) (f64.const 0.5))',
      '(global $steps (export "steps") (mut i32) (i32.const 400))',
      '(global $count (export "count") (mut i64) (i64.const 0))',
      ...functions.map(({ header, lines }) => `${header}\n${lines.map(write).join('\n')})`),
      ')',
    ].join('\n');
  return {
    wat: render(({ text }) => text),
    counted: render(({ text, cost }) =>
      cost === 0 ? text : `global.get $count\ni64.const ${cost}\ni64.add\nglobal.set $count\n${text}`,
    ),
    exports: signatures.flatMap(({ params }, index) => (index % 2 === 0 ? [{ name: `f${index}`, params }] : [])),
  };
}
