import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import type { Built } from '../contract/artifact.ts';
import type { BuildTask } from './protocol.ts';

/** Half of the machine: the other half goes on serving. */
const MOST: number = Math.max(1, Math.floor(availableParallelism() / 2));
/** A builder that has nothing to do for this long ends, in milliseconds. */
const IDLE_MS = 1_000;

/** Threads that build artifacts; they come with the first one and go when there is nothing to build. */
export class Builders {
  #piscina: Promise<Piscina> | undefined;

  async build(task: BuildTask): Promise<Built> {
    this.#piscina ??= start();
    return (await (await this.#piscina).run(task, { name: 'build' })) as Built;
  }

  async close(): Promise<void> {
    await (await this.#piscina)?.destroy();
  }
}

/** Loads Piscina only now: a process that serves what it has built before has no use for it. */
async function start(): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  return new Piscina({
    filename: new URL('./builder.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: MOST,
    idleTimeout: IDLE_MS,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled',
  });
}
