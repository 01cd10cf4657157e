import { silentObserver } from '../runtime/contract/observer.ts';
import { Pool } from '../runtime/pool/index.ts';
import { type Percentiles, percentiles } from './statistics.ts';

/** From nothing to a thread that can take invocations, in microseconds. */
export async function measureWorkerStart(rounds: number): Promise<Percentiles> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const load = (): never => {
      throw new Error('nothing is deployed');
    };
    const pool = new Pool({
      threads: 1,
      snapshot: 'auto',
      cpu: 'shared',
      mostMemories: 64,
      cacheBytes: 2 ** 30,
      observer: silentObserver,
      load,
    });
    await pool.startAll();
    samples.push((performance.now() - began) * 1000);
    await pool.close();
  }
  return percentiles(samples);
}
