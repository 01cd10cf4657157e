import { assemble } from './wat.ts';

/**
 * A guest that answers a digest of everything it can see (all of its memory but for its event, globals, table) and then does
 * what its event says, in a region of its choice. Bytes of an event: deed (hammer-thread), secret, and from 4 on where and how long.
 * Initialisation fills every second stretch of 10,000 bytes, with other values when it changes the table.
 */
export function assembleHammerGuest({ pages, changesTable }: { pages: number; changesTable: boolean }): Uint8Array {
  return assemble(`(module
    (type $void (func))
    (memory (export "memory") 1)
    (table $t 4 8 funcref)
    (elem (table $t) (i32.const 0) func $nothing $trap)
    (global $int (mut i32) (i32.const 11))
    (global $long (mut i64) (i64.const -7))
    (global $double (mut f64) (f64.const 0.5))
    (func $nothing)
    (func $trap unreachable)
    (func $recurse (call $recurse) (call $nothing))
    (func $start (local $at i32)
      (drop (memory.grow (i32.const ${pages - 1})))
      (local.set $at (i32.const 2048))
      (loop $next
        (if (i32.and (i32.div_u (local.get $at) (i32.const 10000)) (i32.const 1))
          (then (i32.store (local.get $at) (i32.mul (local.get $at) (i32.const ${changesTable ? '0x9e3779b1' : '0x85ebca6b'})))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br_if $next (i32.lt_u (local.get $at) (i32.const ${pages * 65_536}))))
      ${changesTable ? '(table.set $t (i32.const 3) (table.get $t (i32.const 0)))' : ''})
    (start $start)
    (func $digest (result i64) (local $at i32) (local $sum i64)
      (loop $next
        (local.set $sum (i64.add
          (i64.mul (local.get $sum) (i64.const 0x5851f42d4c957f2d))
          (i64.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if $next (i32.lt_u (local.get $at) (i32.shl (memory.size) (i32.const 16)))))
      (i64.add (local.get $sum) (i64.add (i64.extend_i32_u (global.get $int))
        (i64.add (global.get $long) (i64.add (i64.reinterpret_f64 (global.get $double))
          (i64.extend_i32_u (i32.add (table.size $t) (i32.add
            (ref.is_null (table.get $t (i32.const 3)))
            (ref.is_null (table.get $t (i32.const 1)))))))))))
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
    (func (export "handler") (param i32 i32) (result i64)
      (local $deed i32) (local $secret i32) (local $from i32) (local $long i32) (local $sum i64) (local $at i32)
      (local.set $deed (i32.load8_u (i32.const 1024)))
      (local.set $secret (i32.load8_u (i32.const 1025)))
      (local.set $from (i32.load (i32.const 1028)))
      (local.set $long (i32.load (i32.const 1032)))
      (memory.fill (i32.const 1024) (i32.const 0) (i32.const 16))
      (local.set $sum (call $digest))
      (block $done
        (block $recurse (block $stride (block $spin (block $fail (block $grow (block $globals (block $fill
          (br_table $done $fill $globals $grow $fail $spin $stride $recurse $done (local.get $deed)))
          (memory.fill (local.get $from) (local.get $secret) (local.get $long)) (br $done))
          (global.set $int (local.get $secret)) (global.set $long (local.get $sum)) (global.set $double (f64.const nan))
          ${changesTable ? '(table.set $t (i32.const 1) (ref.null func)) (drop (table.grow $t (ref.null func) (i32.const 1)))' : ''}
          (br $done))
          (drop (memory.grow (i32.const 2)))
          (memory.fill (local.get $from) (local.get $secret)
            (i32.sub (i32.shl (memory.size) (i32.const 16)) (local.get $from)))
          (br $done))
          (memory.fill (local.get $from) (local.get $secret) (local.get $long))
          (call_indirect $t (type $void) (i32.const 1)))
          (memory.fill (local.get $from) (local.get $secret) (local.get $long))
          (loop $forever (br $forever)))
          (loop $next
            (i32.store8 (local.get $from) (local.get $secret))
            (local.set $from (i32.add (local.get $from) (i32.const 4096)))
            (br_if $next (i32.lt_u (local.get $from) (i32.shl (memory.size) (i32.const 16)))))
          (br $done))
        (memory.fill (local.get $from) (local.get $secret) (local.get $long))
        (call $recurse))
      (local.set $at (i32.const 1024))
      (loop $digits
        (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.and (i32.wrap_i64 (local.get $sum)) (i32.const 63))))
        (local.set $sum (i64.shr_u (local.get $sum) (i64.const 6)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $digits (i32.lt_u (local.get $at) (i32.const 1035))))
      (i64.const 0x4000000000b)))`);
}
