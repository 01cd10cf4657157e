;; Logs LINES lines of forty characters, and answers {}. The buffer ABI.
(module
  (import "isola" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "a line as a function might well say one.{}")
  (func (export "isola_alloc") (param $len i32) (result i32) (i32.const 1024))
  (func (export "handler") (param $ptr i32) (param $len i32) (result i64) (local $left i32)
    (local.set $left (i32.const LINES))
    (loop $next
      (call $log (i32.const 2) (i32.const 0) (i32.const 40))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i64.or (i64.shl (i64.const 40) (i64.const 32)) (i64.const 2))))
