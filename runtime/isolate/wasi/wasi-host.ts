import { createArgsEnviron } from './args-environ.ts';
import { CALL_FUEL } from './charges.ts';
import { createClock } from './clock.ts';
import { DescriptorTable } from './descriptor-table.ts';
import { Errno, Failure } from './errno.ts';
import { createFd } from './fd.ts';
import { createFdIo } from './fd-io.ts';
import { createFdReaddir } from './fd-readdir.ts';
import { FileTree } from './file-tree.ts';
import { GuestMemory } from './guest-memory.ts';
import type { MountedFiles } from './mounts.ts';
import { createPathFunctions } from './path-functions.ts';
import { createPathOpen } from './path-open.ts';
import { createPoll } from './poll.ts';
import { createProc } from './proc.ts';
import type { ProcExit } from './proc-exit.ts';
import { createRandom } from './random.ts';
import { createSock } from './sock.ts';
import { createTypedImports } from './typed-imports.ts';
import type { Bodies, Body, WasiCall, WasiClock, World } from './world.ts';

export interface WasiOptions {
  /** The buffer of the guest's memory 0 as it is now: it may grow, or be another one for the next invocation. */
  readonly memory: () => ArrayBuffer;
  /** Read-only trees by absolute mount point (`/var/task`, `/opt`); their bytes are shared by reference and never written. */
  readonly mounts: ReadonlyMap<string, MountedFiles>;
  /** Size of /tmp in bytes; memory is taken as files are written. */
  readonly tmpBytes: number;
  /** Takes fuel for every call and for the bytes it moves, before they move. What it throws ends the guest's call. */
  readonly charge: (fuel: number) => void;
  /** Ends the program at `proc_exit` by throwing or trapping; throws the exit itself when absent, which a guest can catch. */
  readonly exit?: (exit: ProcExit) => never;
  /** Blocks the thread for that long or until the host has had enough. What it throws ends the guest's call. */
  readonly sleep: (nanoseconds: bigint) => void;
  readonly clock: WasiClock;
  /** Fills a view of the guest's memory, at most 64 KiB at a time. */
  readonly random: (target: Uint8Array) => void;
  /** Told which function answered with a time or a random number. */
  readonly drew?: (what: 'random' | 'clock', name: string) => void;
}

/**
 * WASI preview 1 over a world in memory: nothing in it is the host's. One host serves one instance at a time; `begin` comes
 * before each invocation. Imports answer an errno for whatever the guest does wrong and throw only what `exit`,
 * `charge`, `sleep` and the sinks throw (and V8's own RangeError when the guest has left no stack to call them on).
 *
 * Sinks answer how many bytes they took; taking fewer than given ends the write short, and taking none is NOSPC to the guest.
 */
export class WasiHost {
  /** The module `wasi_snapshot_preview1`: WebAssembly functions, so that a guest that declares other types cannot link. */
  readonly imports: WebAssembly.ModuleImports;
  readonly #world: World;
  readonly #tree: FileTree;

  constructor(options: WasiOptions) {
    this.#tree = new FileTree(options.mounts, options.tmpBytes);
    this.#world = {
      memory: new GuestMemory(options.memory),
      clock: options.clock,
      charge: options.charge,
      exit: options.exit ?? throwExit,
      sleep: options.sleep,
      random: options.random,
      drew: options.drew ?? (() => {}),
      descriptors: new DescriptorTable(),
      call: NO_CALL,
      startedAt: 0n,
    };
    this.imports = createTypedImports(toImports(this.#world));
    this.end();
  }

  /** Starts an invocation: an empty /tmp, a new descriptor table, nothing left of the one before. */
  begin(call: WasiCall): void {
    this.#world.call = call;
    this.#world.startedAt = this.#world.clock.monotonic();
    this.#world.descriptors = this.#tree.open(call, this.#world.clock.realtime());
  }

  /**
   * Lets go of the invocation's files, input and sinks, so that an idle host holds none of them. Between invocations, as
   * while a module is initialised, the guest finds the preopened directories, an empty input and sinks that take nothing.
   */
  end(): void {
    this.begin(NO_CALL);
  }
}

const throwExit = (exit: ProcExit): never => {
  throw exit;
};

const NO_CALL: WasiCall = { args: [], env: {}, stdin: new Uint8Array(), stdout: () => 0, stderr: () => 0 };

const toImports = (world: World): WebAssembly.ModuleImports => {
  const bodies: Bodies = {
    ...createArgsEnviron(world),
    ...createClock(world),
    ...createFd(world),
    ...createFdIo(world),
    ...createFdReaddir(world),
    ...createPathFunctions(world),
    ...createPathOpen(world),
    ...createPoll(world),
    ...createProc(world),
    ...createRandom(world),
    ...createSock(world),
  };
  return Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, toImport(world, body)]));
};

const toImport = (world: World, body: Body) => {
  const run = body as (...values: readonly (number | bigint)[]) => void;
  return (...values: readonly (number | bigint)[]): Errno => {
    world.charge(CALL_FUEL);
    world.memory.refresh();
    try {
      run(...values);
      return Errno.SUCCESS;
    } catch (failure) {
      if (failure instanceof Failure) return failure.errno;
      throw failure;
    }
  };
};
