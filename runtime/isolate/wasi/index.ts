export { Errno } from './errno.ts';
export type { MountedFiles } from './mounts.ts';
export { ProcExit } from './proc-exit.ts';
export { SIGNATURES, WASI_NAMES, type WasiName } from './signatures.ts';
export { WasiHost, type WasiOptions } from './wasi-host.ts';
export type { WasiCall, WasiClock } from './world.ts';
