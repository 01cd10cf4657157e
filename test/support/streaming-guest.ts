import { assemble } from './wat.ts';

/** What a guest streams, whatever it is asked, and how it ends. */
export interface Script {
  /** JSON of an HTTP prelude, right or wrong. */
  readonly prelude?: string | Uint8Array;
  readonly chunks?: readonly (string | Uint8Array)[];
  /** Streams 64 KiB of `x` so often when the chunks are through; Infinity for ever. */
  readonly blocks?: number;
  /** What it does at last; returns `"returned"` unless said otherwise. */
  readonly ends?: 'return' | 'trap' | 'spin';
}

const FROM = 262_144;
const ENDINGS = { return: '', trap: 'unreachable', spin: '(loop $spin (br $spin))' };

/** A guest of the buffer ABI that streams by a script. */
export function streaming({ prelude, chunks = [], blocks = 0, ends = 'return' }: Script): Uint8Array {
  let at = FROM;
  const data: string[] = [];
  const call = (name: string, piece: string | Uint8Array): string => {
    const bytes = Buffer.from(piece);
    const literal = [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
    data.push(`(data (i32.const ${at}) "${literal}")`);
    at += bytes.length;
    return `(drop (call ${name} (i32.const ${at - bytes.length}) (i32.const ${bytes.length})))`;
  };
  const said = [
    ...(prelude === undefined ? [] : [call('$http', prelude)]),
    ...chunks.map((chunk) => call('$write', chunk)),
  ];
  const forever = blocks === Number.POSITIVE_INFINITY;
  const left = forever
    ? '(i32.const 1)'
    : '(i32.gt_s (local.tee $left (i32.sub (local.get $left) (i32.const 1))) (i32.const 0))';
  const flood = `(local.set $left (i32.const ${forever ? 1 : blocks}))
    (memory.fill (i32.const 131072) (i32.const 120) (i32.const 65536))
    (loop $next
      (drop (call $write (i32.const 131072) (i32.const 65536)))
      (br_if $next ${left}))`;
  return assemble(`(module
    (import "isola" "stream_write" (func $write (param i32 i32) (result i32)))
    (import "isola" "stream_http" (func $http (param i32 i32) (result i32)))
    (memory (export "memory") ${4 + Math.ceil((at - FROM) / 65_536)})
    (data (i32.const 65536) "\\"returned\\"")
    ${data.join('\n')}
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
    (func (export "handler") (param i32 i32) (result i64) (local $left i32)
      ${said.join('\n')}
      ${blocks > 0 ? flood : ''}
      ${ENDINGS[ends]}
      (i64.const ${(65_536n << 32n) | 10n})))`);
}
