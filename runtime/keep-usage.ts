import type { Scope } from './contract/scope.ts';
import type { FunctionUsage, UsageBook } from './contract/usage.ts';
import type { UsageStore } from './store/index.ts';
import type { UsageMeter } from './telemetry/index.ts';

/** Days that are kept: a year, and the month that it is compared with. */
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

/** What functions used, of this process and of others. */
export interface UsageRecords extends UsageBook {
  /** What a scope's functions used on the last `days` days, today among them. */
  read(scope: Scope, days: number): Promise<readonly FunctionUsage[]>;
}

/** Has the meter write to the store, which keeps it for some time. */
export function keepUsage(meter: UsageMeter, store: UsageStore, clock: () => number): UsageRecords {
  const dayBefore = (days: number): string => new Date(clock() - days * DAY_MS).toISOString().slice(0, 10);
  let forgotten = '';
  const records: UsageRecords = {
    async add(usage) {
      await store.add(usage);
      const before = dayBefore(KEPT_DAYS);
      if (before === forgotten) return;
      forgotten = before;
      await store.forget(before).catch(() => {
        forgotten = '';
      });
    },
    async read(scope, days) {
      await meter.write();
      return store.read(scope, dayBefore(days - 1));
    },
  };
  meter.open(records);
  return records;
}
