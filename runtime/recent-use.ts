import type { FunctionVersion } from './contract/function-version.ts';
import type { Pool } from './pool/index.ts';
import type { FunctionRegistry } from './registry/index.ts';
import { readRecentUse, writeRecentUse } from './store/index.ts';

/** Versions that are remembered; the cache may hold more. */
const REMEMBERED = 64;
/** How often they are written down, in milliseconds, for a process that is killed. */
const WRITE_MS = 10_000;

/** What was used lately, over restarts. */
export interface RecentUse {
  /** Compiles what was used before this process, the last one first, so that its next call need not wait for it. */
  prepare(): Promise<void>;
  /** Writes down what is used now; reads and writes nothing from then on. */
  close(): Promise<void>;
}

export function keepRecentUse(dataDir: string, registry: FunctionRegistry, pool: Pool): RecentUse {
  let closed = false;
  let written = '';
  const write = async (): Promise<void> => {
    const used = pool.recentlyUsed(REMEMBERED);
    const names = used.map(({ arn, version }) => `${arn}:${version}`).join();
    if (names === written) return;
    written = names;
    await writeRecentUse(dataDir, used).catch(() => undefined);
  };
  const writing = setInterval(() => void write(), WRITE_MS).unref();
  return {
    async prepare() {
      const prepared: FunctionVersion[] = [];
      for (const { arn, version } of await readRecentUse(dataDir)) {
        if (closed) return;
        const [, , , region = '', accountId = ''] = arn.split(':');
        try {
          const target = registry.resolve({ region, accountId }, arn, version);
          await pool.prepare(target);
          prepared.push(target);
        } catch {
          // It is gone, or damaged: whoever calls it hears that.
        }
      }
      // The last used is to be the last to make room.
      for (const target of prepared.reverse()) if (!closed) await pool.prepare(target);
    },
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(writing);
      await write();
    },
  };
}
