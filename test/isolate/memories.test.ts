import { describe, expect, it } from 'vitest';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import { rewrite } from '../../runtime/wasm/index.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { fromWat, isLacking, LACKING } from '../wasm/fixture.ts';

const MEMORY_MB = 128;
const LIMIT_PAGES = MEMORY_MB * 16;

/** Grows its second memory by what the event is long, a hundred pages a byte, then its first a page at a time; answers both sizes. */
function growing(second: string, extend: string, wrap: string): Uint8Array {
  return fromWat(`(module (memory $a 2) (memory $b ${second})
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
    (func $digits (param $at i32) (param $value i32)
      (loop $l
        (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (br_if $l (local.tee $value (i32.div_u (local.get $value) (i32.const 10))))))
    (func (export "handler") (param i32 i32) (result i64)
      (drop (memory.grow $b (${extend} (i32.mul (local.get 1) (i32.const 100)))))
      (loop $l (br_if $l (i32.ne (memory.grow $a (i32.const 1)) (i32.const -1))))
      (memory.fill (i32.const 0) (i32.const 32) (i32.const 20))
      (call $digits (i32.const 9) (memory.size $a))
      (call $digits (i32.const 19) (${wrap} (memory.size $b)))
      (i64.const 20)))`);
}

const sizesOf = (text: string): number[] => text.trim().split(/ +/).map(Number);

const SAME = 'i32.add (i32.const 0)';

describe.each([
  ['', growing('1 60000', SAME, SAME)],
  [' of which one is wide', growing('i64 1 60000', 'i64.extend_i32_u', 'i32.wrap_i64')],
])('several memories%s', (_, wasm) => {
  const invoke = (length: number) =>
    toInThread(wasm, { settings: { memoryMb: MEMORY_MB, timeoutMs: 20_000 } }).invokeText('x'.repeat(length));

  it.for([1, 7, 19])('share MemorySize, and say so by -1 (%i hundred pages)', (length, { skip }) => {
    if (isLacking(wasm)) skip(LACKING);
    const outcome = invoke(length);
    expect(sizesOf(textOf(outcome))).toEqual([LIMIT_PAGES - 1 - 100 * length, 1 + 100 * length]);
    expect(outcome).toMatchObject({ report: { maxMemoryBytes: MEMORY_MB * 1024 * 1024 } });
  });

  it('are refused growth beyond it, even where one alone could grow so far', ({ skip }) => {
    if (isLacking(wasm)) skip(LACKING);
    expect(sizesOf(textOf(invoke(21)))).toEqual([LIMIT_PAGES - 1, 1]);
  });
});

describe('a module of several memories', () => {
  it('is refused when they start larger than MemorySize together', ({ skip }) => {
    const wasm = fromWat(
      '(module (memory 1500) (memory 1500) (func (export "isola_alloc")) (func (export "handler")))',
    );
    if (isLacking(wasm)) skip(LACKING);
    const built = buildArtifact(wasm, { memoryMb: MEMORY_MB, handler: 'index.handler' });
    expect(built).toMatchObject({ kind: 'refused', message: expect.stringContaining('188 MB') });
  });

  it('gates its growth itself; one of a single memory leaves that to the engine', ({ skip }) => {
    expect(rewrite(fromWat('(module (memory 1))')).shape.pageLimitExport).toBeUndefined();
    const several = fromWat('(module (memory 1) (memory 1))');
    if (isLacking(several)) skip(LACKING);
    expect(rewrite(several).shape.pageLimitExport).toBeDefined();
  });
});
