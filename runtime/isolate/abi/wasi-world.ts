import { randomFillSync } from 'node:crypto';
import { MIB } from '../../contract/limits.ts';
import { monotonicNanoseconds, realtimeNanoseconds } from '../host/coarse-clock.ts';
import { sleepThread } from '../host/sleep.ts';
import { WasiHost } from '../wasi/index.ts';
import type { AbiHost } from './guest-abi.ts';

/** The WASI world of one isolate: the package under /var/task, its layers under /opt, a /tmp of the function's size, nothing of the host's. */
export interface WasiWorld {
  readonly imports: WebAssembly.ModuleImports;
  /** Runs guest code in the world as it is for one invocation; stderr goes to the log. Nothing of it is left behind. */
  run<T>(stdin: Uint8Array, stdout: (bytes: Uint8Array) => number, code: () => T): T;
}

export function createWasiWorld({ memory, call, meter, version, files, layers }: AbiHost): WasiWorld {
  const wasi = new WasiHost({
    memory: () => memory.buffer,
    mounts: new Map([['/var/task', files], ...(layers.size > 0 ? [['/opt', layers] as const] : [])]),
    tmpBytes: version.ephemeralStorageMb * MIB,
    charge: (units) => meter.charge(units),
    exit: (exit) => meter.end(exit),
    sleep: (nanoseconds) => sleepThread(nanoseconds, meter),
    clock: { realtime: realtimeNanoseconds, monotonic: monotonicNanoseconds },
    drew: (what, name) => call.drew(what, `wasi_snapshot_preview1.${name}`),
    random: (target) => {
      randomFillSync(target);
    },
  });
  const args = [version.handler];
  const stderr = (bytes: Uint8Array) => call.log.write(bytes);
  return {
    imports: wasi.imports,
    run(stdin, stdout, code) {
      wasi.begin({
        ...{ args, stdin, stdout, stderr },
        get env() {
          return { ...call.variables, PWD: '/var/task' };
        },
      });
      try {
        return code();
      } finally {
        wasi.end();
      }
    },
  };
}
