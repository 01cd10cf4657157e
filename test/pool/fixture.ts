import { readdirSync, readlinkSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Built } from '../../runtime/contract/artifact.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { Pool, type PoolOptions } from '../../runtime/pool/index.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { guest } from '../support/wat.ts';

export const FAILING: URL = new URL('../support/failing-worker.js', import.meta.url);

export interface TestPool {
  readonly pool: Pool;
  readonly invoke: (name: string, event?: unknown, settings?: Partial<FunctionVersion>) => Promise<Outcome>;
  /** Why threads ended, and the images that were loaded, oldest first. */
  readonly deaths: readonly string[];
  readonly loads: readonly string[];
}

/** A pool over modules and fixtures by name, with the registry's part played by building on its own thread. */
export async function startPool(
  options: { readonly threads: number } & Partial<Omit<PoolOptions, 'threads' | 'observer' | 'load'>>,
  modules: Readonly<Record<string, Uint8Array>> = {},
): Promise<TestPool> {
  const deaths: string[] = [];
  const loads: string[] = [];
  const built = new Map<string, Promise<Built>>();
  const pool: Pool = new Pool({
    ...{ snapshot: 'auto', cpu: 'shared', mostMemories: 64, cacheBytes: 2 ** 30 },
    ...options,
    observer: { ...silentObserver, threadDied: (reason) => deaths.push(reason) },
    async load(version) {
      loads.push(version.image);
      const pending = built.get(version.name) ?? pool.build(modules[version.name] ?? guest(version.name), version);
      built.set(version.name, pending);
      const result = await pending;
      if (result.kind === 'refused') throw new Error(result.message);
      return { ...result, files: new Map(), layers: new Map() };
    },
  });
  onTestFinished(() => pool.close());
  await pool.startAll();
  const invoke = (name: string, event: unknown = {}, settings: Partial<FunctionVersion> = {}): Promise<Outcome> =>
    pool.invoke({
      ...{ requestId: `${name}-request`, traceId: '', receivedAt: Date.now() },
      event: Buffer.from(JSON.stringify(event)),
      target: toFunctionVersion(name, settings),
    });
  return { pool, invoke, deaths, loads };
}

export const textOf = (outcome: Outcome): string =>
  outcome.kind === 'succeeded' ? Buffer.from(outcome.payload).toString() : `ended as ${outcome.kind}`;

/** Images that this process holds open as files in memory. */
export function openImages(): number {
  const nameOf = (fd: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  };
  return readdirSync('/proc/self/fd').filter((fd) => nameOf(fd).includes('isola-image')).length;
}
