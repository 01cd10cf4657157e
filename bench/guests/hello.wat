;; Greets whom the event names: {"name":"Ada"} becomes {"message":"Hello, Ada!"}. The buffer ABI; events of up to 3 KiB.
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "{\22message\22:\22Hello, ")
  (data (i32.const 48) "!\22}")
  (data (i32.const 64) "world\22")
  (global $next (mut i32) (i32.const 1024))
  (func (export "isola_alloc") (param $len i32) (result i32) (local $at i32)
    (if (i32.gt_u (i32.add (global.get $next) (local.get $len)) (i32.const 4096))
      (then (global.set $next (i32.const 1024))))
    (local.set $at (global.get $next))
    (global.set $next (i32.add (local.get $at) (local.get $len)))
    (local.get $at))
  ;; Where the string begins that follows "name":, in eight bytes with its quote; that of "world" when there is none.
  (func $find_name (param $at i32) (param $end i32) (result i32)
    (block $absent
      (loop $next_byte
        (br_if $absent (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $end)))
        (if (i64.eq (i64.load align=1 (local.get $at)) (i64.const 0x223a22656d616e22))
          (then (return (i32.add (local.get $at) (i32.const 8)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next_byte)))
    (i32.const 64))
  (func (export "handler") (param $ptr i32) (param $len i32) (result i64) (local $at i32) (local $to i32) (local $byte i32)
    (local.set $at (call $find_name (local.get $ptr) (i32.add (local.get $ptr) (local.get $len))))
    (memory.copy (i32.const 4096) (i32.const 16) (i32.const 19))
    (local.set $to (i32.const 4115))
    (block $quote
      (loop $copy
        (local.set $byte (i32.load8_u (local.get $at)))
        (br_if $quote (i32.eq (local.get $byte) (i32.const 34)))
        (i32.store8 (local.get $to) (local.get $byte))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br_if $copy (i32.ne (local.get $byte) (i32.const 92)))
        (i32.store8 (local.get $to) (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $copy)))
    (memory.copy (local.get $to) (i32.const 48) (i32.const 3))
    (i64.or
      (i64.shl (i64.const 4096) (i64.const 32))
      (i64.extend_i32_u (i32.sub (local.get $to) (i32.const 4093))))))
