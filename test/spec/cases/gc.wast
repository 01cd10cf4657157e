;; Structures, arrays, small integers and casts.
(;(module
  (rec
    (type $shape (sub (struct (field $id i32))))
    (type $circle (sub final $shape (struct (field $id i32) (field $radius f64))))
    (type $square (sub final $shape (struct (field $id i32) (field $side (mut i64))))))
  (type $list (struct (field $head i32) (field $rest (ref null $list))))
  (type $bytes (array (mut i8)))
  (type $numbers (array (mut i64)))
  (data $text "isola in an array")

  (func $build (param $n i32) (result (ref null $list)) (local $list (ref null $list))
    (loop $more
      (local.set $list (struct.new $list (local.get $n) (local.get $list)))
      (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $list))
  (func (export "list") (param $n i32) (result i32) (local $at (ref null $list)) (local $sum i32)
    (local.set $at (call $build (local.get $n)))
    (block $end
      (loop $next
        (br_on_null $end (local.get $at))
        (struct.get $list $head)
        (local.set $sum (i32.add (local.get $sum)))
        (local.set $at (struct.get $list $rest (local.get $at)))
        (br $next)))
    (local.get $sum))

  (func $area (param $shape (ref null $shape)) (result f64)
    (block $square (result (ref $square))
      (block $circle (result (ref $circle))
        (br_on_cast $circle (ref null $shape) (ref $circle) (local.get $shape))
        (br_on_cast $square (ref null $shape) (ref $square))
        (drop)
        (return (f64.const -1)))
      (struct.get $circle $radius)
      (return (f64.mul (f64.const 3))))
    (struct.get $square $side)
    (f64.convert_i64_s))
  (func (export "circle") (param f64) (result f64)
    (call $area (struct.new $circle (i32.const 1) (local.get 0))))
  (func (export "square") (param i64) (result f64) (local $square (ref $square))
    (local.set $square (struct.new $square (i32.const 2) (i64.const 0)))
    (struct.set $square $side (local.get $square) (local.get 0))
    (call $area (local.get $square)))
  (func (export "shape") (result f64) (call $area (struct.new $shape (i32.const 3))))
  (func (export "nothing") (result f64) (call $area (ref.null $shape)))
  (func (export "null-field") (result i32) (struct.get $shape $id (ref.null $shape)))
  (func (export "wrong-cast") (result f64)
    (struct.get $circle $radius (ref.cast (ref $circle) (struct.new $shape (i32.const 4)))))
  (func (export "is-circle") (param i32) (result i32)
    (ref.test (ref $circle)
      (if (result (ref $shape)) (local.get 0)
        (then (struct.new $circle (i32.const 1) (f64.const 1)))
        (else (struct.new $shape (i32.const 1))))))

  (func (export "fill-and-sum") (param $length i32) (result i64) (local $numbers (ref $numbers)) (local $sum i64)
    (local.set $numbers (array.new $numbers (i64.const 5) (local.get $length)))
    (array.fill $numbers (local.get $numbers) (i32.const 1) (i64.const 7) (i32.sub (local.get $length) (i32.const 2)))
    (loop $next
      (local.set $sum (i64.add (local.get $sum)
        (array.get $numbers (local.get $numbers) (local.tee $length (i32.sub (local.get $length) (i32.const 1))))))
      (br_if $next (local.get $length)))
    (local.get $sum))
  (func (export "copy") (param $to i32) (param $from i32) (param $length i32) (result i32)
    (local $bytes (ref $bytes)) (local $at i32) (local $hash i32)
    (local.set $bytes (array.new_data $bytes $text (i32.const 0) (i32.const 17)))
    (array.copy $bytes $bytes (local.get $bytes) (local.get $to) (local.get $bytes) (local.get $from) (local.get $length))
    (loop $next
      (local.set $hash (i32.add (i32.mul (local.get $hash) (i32.const 31))
        (array.get_u $bytes (local.get $bytes) (local.get $at))))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (array.len (local.get $bytes)))))
    (local.get $hash))
  (func (export "outside") (param i32) (result i32)
    (array.get_s $bytes (array.new_fixed $bytes 2 (i32.const 200) (i32.const 100)) (local.get 0)))
  (func (export "huge") (result i32) (array.len (array.new_default $numbers (i32.const -1))))
  (func (export "outside-data") (param i32) (result i32)
    (array.len (array.new_data $bytes $text (i32.const 10) (local.get 0))))

  (func (export "i31") (param i32) (result i32) (i31.get_s (ref.i31 (local.get 0))))
  (func (export "as-any") (param i32) (result anyref) (ref.i31 (local.get 0)))
  (func (export "as-struct") (result (ref any)) (struct.new $shape (i32.const 1)))
  (func (export "same") (result i32) (local $one (ref $shape))
    (local.set $one (struct.new $shape (i32.const 1)))
    (i32.add (i32.mul (i32.const 10) (ref.eq (local.get $one) (local.get $one)))
      (ref.eq (local.get $one) (struct.new $shape (i32.const 1)))))
  (func (export "there-and-back") (param externref) (result externref)
    (extern.convert_any (any.convert_extern (local.get 0)))));)
(module binary
  "\00asm\01\00\00\00\01f\10N\03P\00\5f\01\7f\00O\01\00\5f\02\7f\00\7c\00O\01\00\5f\02\7f\00\7e\01\5f\02\7f\00c\03"
  "\00\5ex\01\5e\7e\01\60\01\7f\01c\03\60\01\7f\01\7f\60\01c\00\01\7c\60\01\7c\01\7c\60\01\7e\01\7c\60\00\01\7c\60"
  "\00\01\7f\60\01\7f\01\7e\60\03\7f\7f\7f\01\7f\60\01\7f\01n\60\00\01dn\60\01o\01o\03\15\14\06\07\08\09\0a\0b\0b"
  "\0c\0b\07\0d\0e\07\0c\07\07\0f\10\0c\11\07\bb\01\12\04list\00\01\06circle\00\03\06square\00\04\05shape\00\05\07n"
  "othing\00\06\0anull-field\00\07\0awrong-cast\00\08\09is-circle\00\09\0cfill-and-sum\00\0a\04copy\00\0b\07outside"
  "\00\0c\04huge\00\0d\0coutside-data\00\0e\03i31\00\0f\06as-any\00\10\09as-struct\00\11\04same\00\12\0ethere-and-b"
  "ack\00\13\0c\01\01\0a\d6\03\14\1c\01\01c\03\03\40 \00 \01\fb\00\03\21\01 \00A\01k\22\00\0d\00\0b \01\0b\2c\02\01"
  "c\03\01\7f \00\10\00\21\01\02\40\03\40 \01\d5\01\fb\02\03\00 \02j\21\02 \01\fb\02\03\01\21\01\0c\00\0b\0b \02\0b"
  "7\00\02d\02\02d\01 \00\fb\18\01\00\00\01\fb\18\01\01\00\02\1aD\00\00\00\00\00\00\f0\bf\0f\0b\fb\02\01\01D\00\00"
  "\00\00\00\00\08\40\a2\0f\0b\fb\02\02\01\b9\0b\0b\00A\01 \00\fb\00\01\10\02\0b\1a\01\01d\02A\02B\00\fb\00\02\21"
  "\01 \01 \00\fb\05\02\01 \01\10\02\0b\09\00A\03\fb\00\00\10\02\0b\06\00\d0\00\10\02\0b\08\00\d0\00\fb\02\00\00\0b"
  "\0e\00A\04\fb\00\00\fb\16\01\fb\02\01\01\0b\1f\00 \00\04d\00A\01D\00\00\00\00\00\00\f0\3f\fb\00\01\05A\01\fb\00"
  "\00\0b\fb\14\01\0b8\02\01d\05\01\7eB\05 \00\fb\06\05\21\01 \01A\01B\07 \00A\02k\fb\10\05\03\40 \02 \01 \00A\01k"
  "\22\00\fb\0b\05\7c\21\02 \00\0d\00\0b \02\0bA\02\01d\04\02\7fA\00A\11\fb\09\04\00\21\03 \03 \00 \03 \01 \02\fb"
  "\11\04\04\03\40 \05A\1fl \03 \04\fb\0d\04j\21\05 \04A\01j\22\04 \03\fb\0fI\0d\00\0b \05\0b\11\00A\c8\01A\e4\00"
  "\fb\08\04\02 \00\fb\0c\04\0b\09\00A\7f\fb\07\05\fb\0f\0b\0c\00A\0a \00\fb\09\04\00\fb\0f\0b\08\00 \00\fb\1c\fb"
  "\1d\0b\06\00 \00\fb\1c\0b\07\00A\01\fb\00\00\0b\1d\01\01d\00A\01\fb\00\00\21\00A\0a \00 \00\d3l \00A\01\fb\00\00"
  "\d3j\0b\08\00 \00\fb\1a\fb\1b\0b\0b\14\01\01\11isola in an array\00\8c\02\04name\01\0e\02\00\05build\02\04area"
  "\02q\07\00\02\00\01n\01\04list\01\03\00\01n\01\02at\02\03sum\02\01\00\05shape\04\01\01\06square\0a\03\00\06lengt"
  "h\01\07numbers\02\03sum\0b\06\00\02to\01\04from\02\06length\03\05bytes\04\02at\05\04hash\12\01\00\03one\038\05"
  "\00\01\00\04more\01\02\00\03end\01\04next\02\02\00\06square\01\06circle\0a\01\00\04next\0b\01\00\04next\04\2e\06"
  "\00\05shape\01\06circle\02\06square\03\04list\04\05bytes\05\07numbers\09\07\01\00\04text\0a\0f\01\03\02\00\04hea"
  "d\01\04rest")

(assert_return (invoke "list" (i32.const 1)) (i32.const 1))
(assert_return (invoke "list" (i32.const 500)) (i32.const 125250))
(assert_return (invoke "circle" (f64.const 2)) (f64.const 6))
(assert_return (invoke "square" (i64.const -4)) (f64.const -4))
(assert_return (invoke "shape") (f64.const -1))
(assert_return (invoke "nothing") (f64.const -1))
(assert_trap (invoke "null-field") "null structure reference")
(assert_trap (invoke "wrong-cast") "cast failure")
(assert_return (invoke "is-circle" (i32.const 1)) (i32.const 1))
(assert_return (invoke "is-circle" (i32.const 0)) (i32.const 0))
(assert_return (invoke "fill-and-sum" (i32.const 2)) (i64.const 10))
(assert_return (invoke "fill-and-sum" (i32.const 1000)) (i64.const 6996))
(assert_return (invoke "fill-and-sum" (i32.const 90000)) (i64.const 629996))
(assert_trap (invoke "fill-and-sum" (i32.const 1)) "out of bounds array access")
(assert_return (invoke "copy" (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const -451819813))
(assert_return (invoke "copy" (i32.const 2) (i32.const 0) (i32.const 10)) (i32.const 337056675))
(assert_return (invoke "copy" (i32.const 0) (i32.const 2) (i32.const 10)) (i32.const 1647086611))
(assert_trap (invoke "copy" (i32.const 8) (i32.const 0) (i32.const 10)) "out of bounds array access")
(assert_return (invoke "outside" (i32.const 0)) (i32.const -56))
(assert_trap (invoke "outside" (i32.const 2)) "out of bounds array access")
(assert_trap (invoke "huge") "requested new array is too large")
(assert_return (invoke "outside-data" (i32.const 7)) (i32.const 7))
(assert_trap (invoke "outside-data" (i32.const 8)) "out of bounds memory access")
(assert_return (invoke "i31" (i32.const 0x40000001)) (i32.const -1073741823))
(assert_return (invoke "as-any" (i32.const 5)) (ref.i31))
(assert_return (invoke "as-struct") (ref.struct))
(assert_return (invoke "same") (i32.const 10))
(assert_return (invoke "there-and-back" (ref.extern 3)) (ref.extern 3))
(assert_return (invoke "there-and-back" (ref.null extern)) (ref.null extern))
