;; Answers its event after ROUNDS rounds of arithmetic that no compiler can leave out.
(module
  (memory (export "memory") 1)
  (func (export "isola_alloc") (param $len i32) (result i32) (i32.const 1024))
  (func $burn (export "burn") (param $rounds i32) (result i32) (local $x i32)
    (local.set $x (i32.const 88172645))
    (loop $again
      (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 13))))
      (local.set $x (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 17))))
      (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 5))))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $rounds) (i32.const 0))))
    (local.get $x))
  (func (export "handler") (param $ptr i32) (param $len i32) (result i64)
    (i32.store (i32.const 8) (call $burn (i32.const ROUNDS)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len)))))
