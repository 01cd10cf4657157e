import { join } from 'node:path';
import type { Authorizer } from '../contract/authorizer.ts';
import { Logs } from '../logs/index.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { SegmentLogStore } from '../store/segments/segment-log-store.ts';

export interface LogDeps {
  readonly resources: ResourceStore;
  readonly authorizer: Pick<Authorizer, 'ready' | 'mayRole'>;
  /** Resolves when lines of invocations that have ended were kept. */
  readonly settled: () => Promise<void>;
  readonly dataDir: string;
  /** What all groups may hold together. */
  readonly mostBytes: number;
}

export async function openLogs({ dataDir, mostBytes, ...deps }: LogDeps): Promise<Logs> {
  const store = await SegmentLogStore.open(join(dataDir, 'logs'), mostBytes);
  const logs = new Logs({ ...deps, store, clock: Date.now });
  await logs.open();
  return logs;
}
