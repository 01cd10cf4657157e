;; Functions called by typed references, in loops and as tail calls.
(;(module
  (type $unary (func (param i32) (result i32)))
  (type $step (func (param i32 i32) (result i32)))
  (table $steps 2 (ref null $unary))
  (elem (table $steps) (i32.const 0) (ref null $unary) (ref.func $double))
  (elem declare func $double $increment $down)
  (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $increment (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $pick (param i32) (result (ref $unary))
    (if (result (ref $unary)) (local.get 0) (then (ref.func $double)) (else (ref.func $increment))))
  (func (export "apply") (param $which i32) (param $value i32) (result i32)
    (call_ref $unary (local.get $value) (call $pick (local.get $which))))
  (func (export "repeat") (param $which i32) (param $times i32) (result i32) (local $value i32)
    (local.set $value (i32.const 1))
    (loop $more
      (local.set $value (call_ref $unary (local.get $value) (call $pick (local.get $which))))
      (br_if $more (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (local.get $value))
  (func $down (type $step)
    (if (result i32) (local.get 0)
      (then (return_call_ref $step
        (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (local.get 0)) (ref.func $down)))
      (else (local.get 1))))
  (func (export "down") (param i32) (result i32) (return_call_ref $step (local.get 0) (i32.const 0) (ref.func $down)))
  (func (export "null") (result i32) (call_ref $unary (i32.const 1) (ref.null $unary)))
  (func (export "from-table") (param i32) (result i32)
    (call_ref $unary (i32.const 21) (table.get $steps (local.get 0))))
  (func (export "if-there") (param i32) (result i32)
    (block $nothing (result i32)
      (i32.const 4)
      (br_on_null $nothing (table.get $steps (local.get 0)))
      (call_ref $unary)
      (return))
    (drop)
    (i32.const -1))
  (func (export "as-there") (param i32) (result i32)
    (block $there (result i32 (ref $unary))
      (i32.const 5)
      (br_on_non_null $there (table.get $steps (local.get 0)))
      (drop)
      (return (i32.const -2)))
    (call_ref $unary)));)
(module binary
  "\00asm\01\00\00\00\01\1c\05\60\01\7f\01\7f\60\02\7f\7f\01\7f\60\01\7f\01d\00\60\00\01\7f\60\00\02\7fd\00\03\0c"
  "\0b\00\00\02\01\01\01\00\03\00\00\00\04\05\01c\00\00\02\07C\07\05apply\00\03\06repeat\00\04\04down\00\06\04null"
  "\00\07\0afrom-table\00\08\08if-there\00\09\08as-there\00\0a\09\12\02\06\00A\00\0bc\00\01\d2\00\0b\03\00\03\00\01"
  "\05\0a\ab\01\0b\07\00 \00A\02l\0b\07\00 \00A\01j\0b\0d\00 \00\04d\00\d2\00\05\d2\01\0b\0b\0a\00 \01 \00\10\02\14"
  "\00\0b \01\01\7fA\01\21\02\03\40 \02 \00\10\02\14\00\21\02 \01A\01k\22\01\0d\00\0b \02\0b\18\00 \00\04\7f \00A"
  "\01k \01 \00j\d2\05\15\01\05 \01\0b\0b\0a\00 \00A\00\d2\05\15\01\0b\08\00A\01\d0\00\14\00\0b\0a\00A\15 \00\25\00"
  "\14\00\0b\13\00\02\7fA\04 \00\25\00\d5\00\14\00\0f\0b\1aA\7f\0b\13\00\02\04A\05 \00\25\00\d6\00\1aA\7e\0f\0b\14"
  "\00\0b\00\8a\01\04name\01 \04\00\06double\01\09increment\02\04pick\05\04down\02\28\02\03\02\00\05which\01\05valu"
  "e\04\03\00\05which\01\05times\02\05value\03\1d\03\04\01\00\04more\09\01\00\07nothing\0a\01\00\05there\04\0e\02"
  "\00\05unary\01\04step\05\08\01\00\05steps")

(assert_return (invoke "apply" (i32.const 1) (i32.const 21)) (i32.const 42))
(assert_return (invoke "apply" (i32.const 0) (i32.const 21)) (i32.const 22))
(assert_return (invoke "repeat" (i32.const 0) (i32.const 300)) (i32.const 301))
(assert_return (invoke "repeat" (i32.const 1) (i32.const 10)) (i32.const 1024))
(assert_return (invoke "down" (i32.const 50000)) (i32.const 1250025000))
(assert_trap (invoke "null") "null function reference")
(assert_return (invoke "from-table" (i32.const 0)) (i32.const 42))
(assert_trap (invoke "from-table" (i32.const 1)) "null function reference")
(assert_trap (invoke "from-table" (i32.const 2)) "out of bounds table access")
(assert_return (invoke "if-there" (i32.const 0)) (i32.const 8))
(assert_return (invoke "if-there" (i32.const 1)) (i32.const -1))
(assert_return (invoke "as-there" (i32.const 0)) (i32.const 10))
(assert_return (invoke "as-there" (i32.const 1)) (i32.const -2))
