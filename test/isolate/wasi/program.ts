import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MountedFiles, ProcExit, WasiHost } from '../../../runtime/isolate/wasi/index.ts';

export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly slept: readonly bigint[];
  readonly fuel: number;
}

export interface ProgramCall {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

const MEBIBYTE = 1024 * 1024;

const PACKAGE: ReadonlyMap<string, MountedFiles> = new Map([
  [
    '/var/task',
    new Map([
      ['bootstrap.wasm', new Uint8Array(3)],
      ['data.txt', Buffer.from('from the package')],
      ['config/settings.json', Buffer.from('{"depth":2}')],
    ]),
  ],
  ['/opt', new Map([['layer.txt', Buffer.from('from a layer')]])],
]);

/** A compiled C program of test/fixtures/wasi, with a host of its own; each run is one invocation in a fresh instance. */
export class Program {
  readonly #module: WebAssembly.Module;
  readonly #host: WasiHost;
  #memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 0 });
  #slept: bigint[] = [];
  #fuel = 0;

  constructor(name: string) {
    this.#module = new WebAssembly.Module(readFileSync(join('test/fixtures/wasi', `${name}.wasm`)));
    this.#host = new WasiHost({
      memory: () => this.#memory.buffer,
      mounts: PACKAGE,
      tmpBytes: MEBIBYTE,
      charge: (fuel) => {
        this.#fuel += fuel;
      },
      sleep: (nanoseconds) => this.#slept.push(nanoseconds),
      clock: {
        realtime: () => 1_700_000_000_000_000_000n + this.#now(),
        monotonic: () => this.#now(),
      },
      random: (target) => target.fill(7),
    });
  }

  run(call: ProgramCall = {}): ProgramRun {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    this.#slept = [];
    this.#fuel = 0;
    this.#host.begin({
      args: ['program', ...(call.args ?? [])],
      env: call.env ?? {},
      stdin: Buffer.from(call.stdin ?? ''),
      stdout: (bytes) => stdout.push(Buffer.from(bytes)) && bytes.length,
      stderr: (bytes) => stderr.push(Buffer.from(bytes)) && bytes.length,
    });
    const { exports } = new WebAssembly.Instance(this.#module, { wasi_snapshot_preview1: this.#host.imports });
    this.#memory = exports.memory as WebAssembly.Memory;
    return {
      code: toExitCode(exports._start as () => void),
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
      slept: this.#slept,
      fuel: this.#fuel,
    };
  }

  #now(): bigint {
    return this.#slept.reduce((sum, nanoseconds) => sum + nanoseconds, 0n);
  }
}

const toExitCode = (start: () => void): number => {
  try {
    start();
    return 0;
  } catch (exit) {
    if (exit instanceof ProcExit) return exit.code;
    throw exit;
  }
};
