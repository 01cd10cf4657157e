import { join } from 'node:path';
import { Logs, type LogsDeps } from '../logs/index.ts';
import { SegmentLogStore } from '../store/segments/segment-log-store.ts';

export interface LogPartDeps extends Omit<LogsDeps, 'store' | 'clock'> {
  readonly dataDir: string;
  /** What all groups may hold together. */
  readonly mostBytes: number;
}

export async function openLogs({ dataDir, mostBytes, ...deps }: LogPartDeps): Promise<Logs> {
  const store = await SegmentLogStore.open(join(dataDir, 'logs'), mostBytes);
  const logs = new Logs({ ...deps, store, clock: Date.now });
  await logs.open();
  return logs;
}
