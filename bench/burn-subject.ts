import { compileGuest } from './guests.ts';
import { median } from './statistics.ts';
import type { Subject } from './subject.ts';

const PROBE_ROUNDS = 1_000_000;
const PROBES = 9;

/** A function that computes for about so many milliseconds on this machine, without what fuel adds. */
export async function burnSubject(ms: number): Promise<Subject> {
  const rounds = Math.round((PROBE_ROUNDS * ms) / (await probeMs()));
  return {
    ...{ name: `${ms} ms of work`, module: await compileGuest('burn', { ROUNDS: rounds }), memoryMb: 128 },
    ...{ handler: 'index.handler', event: '{"n":1}', result: '{"n":1}' },
  };
}

/** How long the rounds take that the guest is asked for, the engine warm; a median, because the machine has other work. */
async function probeMs(): Promise<number> {
  const { instance } = await WebAssembly.instantiate(Buffer.from(await compileGuest('burn', { ROUNDS: 1 })));
  const burn = instance.exports.burn as (rounds: number) => number;
  const times = Array.from({ length: PROBES }, () => {
    const began = performance.now();
    burn(PROBE_ROUNDS);
    return performance.now() - began;
  });
  return median(times);
}
