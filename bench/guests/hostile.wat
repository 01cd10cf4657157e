;; What strangers do to a machine, a handler each. None of them answers; those that do not trap run into their timeout.
(module
  (import "isola" "log" (func $log (param i32 i32 i32)))
  (import "isola" "call" (func $call (param i32 i32 i32 i32) (result i32)))
  (import "isola" "random" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "{\22op\22:\22kv.get\22,\22key\22:\22k\22}")
  (func (export "isola_alloc") (param $len i32) (result i32) (i32.const 1024))
  (func (export "spin") (param i32 i32) (result i64)
    (loop $again (br $again))
    (unreachable))
  ;; Writes to every word that it has, again and again.
  (func (export "thrash") (param i32 i32) (result i64) (local $at i32)
    (drop (memory.grow (i32.const 255)))
    (loop $again
      (i32.store (local.get $at) (local.get $at))
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const 68)) (i32.const 0xfffffc)))
      (br $again))
    (unreachable))
  ;; Takes and touches memory until there is no more, and traps.
  (func (export "allocate") (param i32 i32) (result i64) (local $page i32)
    (loop $more
      (local.set $page (memory.grow (i32.const 16)))
      (if (i32.eq (local.get $page) (i32.const -1)) (then (unreachable)))
      (memory.fill (i32.shl (local.get $page) (i32.const 16)) (i32.const 1) (i32.const 1048576))
      (br $more))
    (unreachable))
  (func (export "flood") (param i32 i32) (result i64)
    (memory.fill (i32.const 2048) (i32.const 120) (i32.const 1024))
    (loop $again
      (call $log (i32.const 2) (i32.const 2048) (i32.const 1024))
      (br $again))
    (unreachable))
  (func (export "trap") (param i32 i32) (result i64) (unreachable))
  (func $recurse (export "recurse") (param i32 i32) (result i64)
    (i64.add (call $recurse (local.get 0) (local.get 1)) (i64.const 1)))
  ;; Asks the main thread for what its role denies.
  (func (export "ask") (param i32 i32) (result i64)
    (loop $again
      (drop (call $call (i32.const 16) (i32.const 25) (i32.const 0) (i32.const 0)))
      (br $again))
    (unreachable))
  (func (export "random") (param i32 i32) (result i64)
    (loop $again
      (drop (call $random (i32.const 2048) (i32.const 64)))
      (br $again))
    (unreachable)))
