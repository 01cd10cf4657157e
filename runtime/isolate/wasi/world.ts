import type { DescriptorTable } from './descriptor-table.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { ProcExit } from './proc-exit.ts';

/** Nanoseconds, already as coarse as a guest may see them. */
export interface WasiClock {
  /** Since 1970. */
  realtime(): bigint;
  monotonic(): bigint;
  /** What `clock_res_get` answers; 1 ms when absent. */
  readonly resolution?: bigint;
}

/** What one invocation gives its program. */
export interface WasiCall {
  /** The program's name first, as C's argv. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: Uint8Array;
  readonly stdout: (bytes: Uint8Array) => number;
  readonly stderr: (bytes: Uint8Array) => number;
}

/** What the functions of a host share. */
export interface World {
  readonly memory: GuestMemory;
  readonly clock: WasiClock;
  readonly charge: (fuel: number) => void;
  readonly sleep: (nanoseconds: bigint) => void;
  readonly exit: (exit: ProcExit) => never;
  readonly random: (target: Uint8Array) => void;
  /** Hears of functions whose answer differs from call to call. */
  readonly drew: (what: 'random' | 'clock', name: string) => void;
  /** The three below belong to the invocation that runs. */
  descriptors: DescriptorTable;
  call: WasiCall;
  startedAt: bigint;
}

/** A function's body: returns on success, throws a `Failure` otherwise. Its import's signature says what it is called with. */
export type Body = (...args: never[]) => void;

/** Bodies by their names in `wasi_snapshot_preview1`. */
export type Bodies = Readonly<Record<string, Body>>;
