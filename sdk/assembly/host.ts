// The import module `isola`, as sdk/README.md draws it. Pointers and lengths are bytes.

// @ts-ignore: decorator
@external("isola", "log")
export declare function hostLog(level: i32, ptr: usize, len: i32): void;

// @ts-ignore: decorator
@external("isola", "env")
export declare function hostEnv(namePtr: usize, nameLen: i32, ptr: usize, len: i32): i32;

// @ts-ignore: decorator
@external("isola", "context")
export declare function hostContext(ptr: usize, len: i32): i32;

// @ts-ignore: decorator
@external("isola", "random")
export declare function hostRandom(ptr: usize, len: i32): i32;

// @ts-ignore: decorator
@external("isola", "clock")
export declare function hostClock(kind: i32): i64;

// @ts-ignore: decorator
@external("isola", "fail")
export declare function hostFail(typePtr: usize, typeLen: i32, messagePtr: usize, messageLen: i32): void;

// @ts-ignore: decorator
@external("isola", "call")
export declare function hostCall(headPtr: usize, headLen: i32, ptr: usize, len: i32): i32;

// @ts-ignore: decorator
@external("isola", "answer")
export declare function hostAnswer(part: i32, ptr: usize, len: i32): i32;

// @ts-ignore: decorator
@external("isola", "stream_write")
export declare function hostStreamWrite(ptr: usize, len: i32): i32;

// @ts-ignore: decorator
@external("isola", "stream_http")
export declare function hostStreamHttp(ptr: usize, len: i32): i32;
