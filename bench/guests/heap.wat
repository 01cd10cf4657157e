;; A small function beside a heap of a chosen size: initialisation fills the heap, the handler touches one word of it and
;; returns its event, which may have 3 KiB. HEAP_PAGES and HEAP_BYTES are put in by the bench. `run` is a call without the
;; host's copying, for runtimes that pass events another way.
(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))
  (func $start (local $at i32)
    (if (i32.gt_u (i32.const HEAP_PAGES) (i32.const 1))
      (then (drop (memory.grow (i32.sub (i32.const HEAP_PAGES) (i32.const 1))))))
    (local.set $at (i32.const 4096))
    (loop $fill
      (i32.store (local.get $at) (local.get $at))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br_if $fill (i32.lt_u (local.get $at) (i32.const HEAP_BYTES)))))
  (start $start)
  (func $alloc (export "isola_alloc") (param $len i32) (result i32) (local $at i32)
    (if (i32.gt_u (i32.add (global.get $next) (local.get $len)) (i32.const 4096))
      (then (global.set $next (i32.const 1024))))
    (local.set $at (global.get $next))
    (global.set $next (i32.add (local.get $at) (local.get $len)))
    (local.get $at))
  (func $handler (export "handler") (param $ptr i32) (param $len i32) (result i64)
    (i32.store (i32.const 8192) (i32.add (i32.load (i32.const 8192)) (i32.const 1)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
  (func (export "run") (result i32)
    (drop (call $handler (call $alloc (i32.const 16)) (i32.const 16)))
    (i32.const 0)))
