import { randomFillSync } from 'node:crypto';
import { MIB } from '../../contract/limits.ts';
import { monotonicNanoseconds, realtimeNanoseconds } from '../host/coarse-clock.ts';
import { sleepThread } from '../host/sleep.ts';
import { WasiHost } from '../wasi/index.ts';
import type { AbiHost } from './guest-abi.ts';

/** The WASI world of one isolate: the package under /var/task, a /tmp of the function's size, nothing of the host's. */
export function createWasiWorld({ memory, meter, version, files }: AbiHost): WasiHost {
  return new WasiHost({
    memory: () => memory.buffer,
    mounts: new Map([['/var/task', files]]),
    tmpBytes: version.ephemeralStorageMb * MIB,
    charge: (units) => meter.charge(units),
    sleep: (nanoseconds) => sleepThread(nanoseconds, meter),
    clock: { realtime: realtimeNanoseconds, monotonic: monotonicNanoseconds },
    random: (target) => {
      randomFillSync(target);
    },
  });
}
