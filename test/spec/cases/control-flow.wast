;; Branches that leave, repeat and skip, with and without values.
(module
  (func (export "collatz") (param $n i64) (result i32) (local $steps i32)
    (block $done
      (loop $next
        (br_if $done (i64.eq (local.get $n) (i64.const 1)))
        (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
        (if (i64.eqz (i64.and (local.get $n) (i64.const 1)))
          (then (local.set $n (i64.shr_u (local.get $n) (i64.const 1))))
          (else (local.set $n (i64.add (i64.mul (local.get $n) (i64.const 3)) (i64.const 1)))))
        (br $next)))
    (local.get $steps))

  (func (export "sum-down") (param $n i32) (result i32) (local $sum i32)
    (loop $again (result i32)
      (local.set $sum (i32.add (local.get $sum) (local.get $n)))
      (local.get $sum)
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))

  (func (export "switch") (param $case i32) (result i32)
    (block $other
      (block $two
        (block $one
          (block $zero (br_table $zero $one $two $one $other (local.get $case)))
          (return (i32.const 100)))
        (return (i32.const 101)))
      (return (i32.const 102)))
    (i32.const -1))

  (func (export "switch-with-value") (param $case i32) (result i32)
    (i32.add (i32.const 1000)
      (block $outer (result i32)
        (i32.add (i32.const 100)
          (block $inner (result i32)
            (br_table $inner $outer $inner (i32.const 7) (local.get $case)))))))

  (func (export "matrix") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $hits i32)
    (block $out
      (loop $rows
        (br_if $out (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (block $row
          (loop $cells
            (br_if $row (i32.gt_u (local.get $j) (local.get $i)))
            (br_if $out (i32.gt_u (local.get $hits) (i32.const 40)))
            (local.set $hits (i32.add (local.get $hits) (i32.const 1)))
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (br $cells)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))
    (local.get $hits))

  (func (export "count") (param $from i32) (param $to i32) (result i32) (local $turns i32)
    (loop $turn
      (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
      (br_if $turn (i32.lt_s (local.tee $from (i32.add (local.get $from) (i32.const 3))) (local.get $to))))
    (local.get $turns))

  (func (export "dead") (result i32)
    (block $live (result i32)
      (br $live (i32.const 3))
      (loop (br 0))
      (drop (i32.add (unreachable)))
      (unreachable)))

  (func (export "choose") (param i32 i64 i64) (result i64)
    (select (local.get 1) (local.get 2) (local.get 0))))

(assert_return (invoke "collatz" (i64.const 1)) (i32.const 0))
(assert_return (invoke "collatz" (i64.const 27)) (i32.const 111))
(assert_return (invoke "collatz" (i64.const 837799)) (i32.const 524))
(assert_return (invoke "sum-down" (i32.const 1)) (i32.const 1))
(assert_return (invoke "sum-down" (i32.const 100)) (i32.const 5050))
(assert_return (invoke "switch" (i32.const 0)) (i32.const 100))
(assert_return (invoke "switch" (i32.const 1)) (i32.const 101))
(assert_return (invoke "switch" (i32.const 2)) (i32.const 102))
(assert_return (invoke "switch" (i32.const 3)) (i32.const 101))
(assert_return (invoke "switch" (i32.const 4)) (i32.const -1))
(assert_return (invoke "switch" (i32.const -1)) (i32.const -1))
(assert_return (invoke "switch-with-value" (i32.const 0)) (i32.const 1107))
(assert_return (invoke "switch-with-value" (i32.const 1)) (i32.const 1007))
(assert_return (invoke "switch-with-value" (i32.const 9)) (i32.const 1107))
(assert_return (invoke "matrix" (i32.const 0)) (i32.const 0))
(assert_return (invoke "matrix" (i32.const 6)) (i32.const 21))
(assert_return (invoke "matrix" (i32.const 60)) (i32.const 41))
(assert_return (invoke "count" (i32.const 0) (i32.const 0)) (i32.const 1))
(assert_return (invoke "count" (i32.const 0) (i32.const 1000)) (i32.const 334))
(assert_return (invoke "count" (i32.const 2147483640) (i32.const 2147483645)) (i32.const 2))
(assert_return (invoke "dead") (i32.const 3))
(assert_return (invoke "choose" (i32.const 0) (i64.const 1) (i64.const 2)) (i64.const 2))
(assert_return (invoke "choose" (i32.const 8) (i64.const 1) (i64.const 2)) (i64.const 1))
(assert_invalid (module (func (result i32) (block (br 0 (i32.const 1))))) "type mismatch")
(assert_invalid (module (func (br 1))) "unknown label")
(assert_malformed (module binary "\00asm\01\00\00\00\0a\04\01\02\00") "unexpected end")
