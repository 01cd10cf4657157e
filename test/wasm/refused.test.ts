import { describe, expect, it } from 'vitest';
import { rewrite, WasmRefused } from '../../runtime/wasm/index.ts';
import { processorMs } from '../support/processor-time.ts';
import { fromWat } from './fixture.ts';

/** A module of one function with these bytes as its code. */
function withCode(...code: number[]): Uint8Array {
  const body = [0, ...code, 0x0b];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0],
    ...[3, 2, 1, 0],
    ...[10, body.length + 2, 1, body.length, ...body],
  ]);
}

function withType(...type: number[]): Uint8Array {
  return new Uint8Array([...HEADER, 1, type.length + 1, 1, ...type]);
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

describe('refuses by name', () => {
  it.each([
    ['shared memory', '(module (memory 1 1 shared))'],
    [
      'JS string builtins (wasm:js-string)',
      '(module (import "wasm:js-string" "length" (func (param externref) (result i32))))',
    ],
    ['threads and atomics', '(module (memory 1) (func (atomic.fence)))'],
  ])('%s', (name, wat) => {
    expect(() => rewrite(fromWat(wat))).toThrow(name);
  });

  it.each([
    ['stringref (instruction 0xfb 0x80)', withCode(0xfb, 0x80, 0x01)],
    ['custom descriptors (instruction 0xfb 0x22)', withCode(0xfb, 0x22, 0)],
    ['unknown instruction 0xfb 0x1f', withCode(0xfb, 0x1f)],
    ['wide arithmetic (instruction 0xfc 0x13)', withCode(0xfc, 0x13)],
    ['memory control (instruction 0xfc 0x12)', withCode(0xfc, 0x12, 0)],
    ['half precision (instruction 0xfd 0x120)', withCode(0xfd, 0xa0, 0x02)],
    ['stack switching (instruction 0xe0)', withCode(0xe0, 0)],
    ['threads and atomics (instruction 0xfe)', withCode(0xfe, 0x03, 0)],
    ['unknown instruction 0xff', withCode(0xff)],
    ['unknown instruction 0xfd 0x9a', withCode(0xfd, 0x9a, 0x01)],
    ['unknown instruction 0xfc 0x7f', withCode(0xfc, 0x7f)],
    ['stack switching (type form 0x5d)', withType(0x5d, 0)],
    ['custom descriptors (type form 0x4d)', withType(0x4d, 0)],
    ['shared-everything threads (type form 0x65)', withType(0x65, 0x5f, 0)],
    ['unknown type form 0x5b', withType(0x5b, 0)],
    ['stringref (value type 0x67)', withType(0x60, 1, 0x67, 0)],
    ['stack switching (value type 0x68)', withType(0x60, 1, 0x63, 0x68, 0)],
    ['custom descriptors or stringref (value type 0x62)', withType(0x60, 1, 0x64, 0x62, 0, 0)],
    ['unknown value type 0x50', withType(0x60, 1, 0x50, 0)],
    ['custom page sizes', new Uint8Array([...HEADER, 5, 4, 1, 0x08, 0, 0])],
  ])('%s', (name, input) => {
    expect(() => rewrite(input)).toThrow(name);
  });

  it('and says at which byte', () => {
    const input = withCode(0xff, 0);
    expect(() => rewrite(input)).toThrow(expect.objectContaining({ offset: input.indexOf(0xff) }));
  });
});

describe('refuses', () => {
  it('what is no module', () => {
    expect(() => rewrite(new Uint8Array())).toThrow(WasmRefused);
    expect(() => rewrite(new TextEncoder().encode('not wasm'))).toThrow(WasmRefused);
  });

  it('every truncation of a module', () => {
    const whole = fromWat(
      '(module (memory 1) (global (mut i32) (i32.const 1)) (func (export "f") (loop $l (br_if $l (i32.const 0)))))',
    );
    for (let length = 0; length < whole.length; length++) {
      try {
        rewrite(whole.slice(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(WasmRefused);
      }
    }
  });

  it('integers that do not end', () => {
    expect(() => rewrite(withCode(0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a))).toThrow('too long');
    expect(() => rewrite(new Uint8Array([...HEADER, 1, 0xff, 0xff, 0xff, 0xff, 0xff]))).toThrow(WasmRefused);
  });

  it('counts that the bytes cannot hold, without allocating for them', () => {
    expect(() => rewrite(new Uint8Array([...HEADER, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(
      'more types than bytes',
    );
    expect(() => rewrite(withCode(0x41, 0, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f))).toThrow('more labels than bytes');
  });

  it('names that it injects itself', () => {
    expect(() => rewrite(fromWat('(module (func (export "isola:fuel")))'))).toThrow('"isola:fuel"');
    expect(() => rewrite(fromWat('(module (import "isola:memory" "0" (memory 1)))'))).toThrow('"isola:memory"');
  });

  it('tables that begin too large', () => {
    expect(() => rewrite(fromWat('(module (table 600000 funcref) (table 600000 externref))'))).toThrow(
      '1200000 entries',
    );
  });

  it('a function that is larger than memory should be spent on to compile, in bounded time', () => {
    expect(() => rewrite(large(repeated([0x02, 0x40, 0x0b], 1_000_000)))).toThrow(
      'a function body above 1048576 bytes',
    );
  });

  it('more locals at blocks and loops than the engine can be asked to keep', () => {
    const nested = (opener: number, depth: number, locals: number) =>
      large(
        new Uint8Array([
          ...repeated([opener, 0x40], depth),
          ...Array.from({ length: locals }, (_, at) => [0x41, 0, 0x21, ...leb(at)]).flat(),
          ...repeated([0x0b], depth),
        ]),
        locals,
      );
    expect(() => rewrite(nested(0x02, 2_000, 2_000))).not.toThrow();
    expect(() => rewrite(nested(0x02, 3_000, 3_000))).toThrow('3000 locals, 3001 blocks and 0 loops');
    expect(() => rewrite(nested(0x03, 900, 1_000))).not.toThrow();
    expect(() => rewrite(nested(0x03, 1_100, 1_000))).toThrow('1000 locals, 1101 blocks and 1100 loops');
  });

  it('more br_table labels in a function than that, in one table or in many', () => {
    const branch = (labels: number) => [0x02, 0x40, 0x41, 0, 0x0e, ...leb(labels), ...new Uint8Array(labels + 1), 0x0b];
    expect(() => rewrite(large(new Uint8Array(branch(65_520))))).not.toThrow();
    expect(() => rewrite(large(new Uint8Array(branch(65_521))))).toThrow('more than 65520 labels');
    expect(() => rewrite(large(repeated(branch(8), 7_000)))).toThrow('more than 65520 labels');
    expect(() => rewrite(large(repeated(branch(8), 6_000)))).not.toThrow();
  });
});

describe('takes bounded time for', () => {
  it.each([
    ['deep nesting with wide tables', nestedTables()],
    ['a long straight line', repeated([0x41, 0x00, 0x1a], 349_000)],
    ['nested loops', nestedLoops()],
  ])('%s', (_, code) => {
    const started = processorMs();
    const { code: rewritten } = rewrite(large(code));
    expect(rewritten.length).toBeGreaterThan(code.length / 4);
    expect(processorMs() - started).toBeLessThan(5000);
  });
});

function leb(value: number): number[] {
  return [0, 7, 14, 21].map((shift) => ((value >>> shift) & 0x7f) | 0x80).concat(value >>> 28);
}

function large(code: Uint8Array, locals = 0): Uint8Array {
  const declared = locals === 0 ? [0] : [1, ...leb(locals), 0x7f];
  const body = code.length + 1 + declared.length;
  const head = [...HEADER, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, ...leb(body + 6), 1, ...leb(body), ...declared];
  const input = new Uint8Array(head.length + code.length + 1);
  input.set(head);
  input.set(code, head.length);
  input[input.length - 1] = 0x0b;
  return input;
}

function repeated(bytes: readonly number[], times: number): Uint8Array {
  const code = new Uint8Array(bytes.length * times);
  for (let at = 0; at < code.length; at += bytes.length) code.set(bytes, at);
  return code;
}

function nestedTables(): Uint8Array {
  const depth = 20_000;
  const table = [0x41, 0, 0x0e, ...leb(30_000), ...Array.from({ length: 30_001 }, (_, at) => leb(at % depth)).flat()];
  return new Uint8Array([
    ...Array.from({ length: depth }, () => [0x02, 0x40]).flat(),
    ...Array.from({ length: 2 }, () => [0x02, 0x40, ...table, 0x0b]).flat(),
    ...Array.from({ length: depth }, () => 0x0b),
  ]);
}

function nestedLoops(): Uint8Array {
  const depth = 20_000;
  return new Uint8Array([
    ...Array.from({ length: depth }, () => [0x03, 0x40]).flat(),
    ...Array.from({ length: depth }, () => [0x41, 0, 0x0d, 0, 0x0b]).flat(),
  ]);
}
