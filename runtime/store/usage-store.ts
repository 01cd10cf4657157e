import type { Scope } from '../contract/scope.ts';
import type { FunctionUsage, UsageBook } from '../contract/usage.ts';

/** What functions used, by day. Every method is one transaction. */
export interface UsageStore extends UsageBook {
  /** From the day `since` on, the latest day first, functions by name. */
  read(scope: Scope, since: string): Promise<readonly FunctionUsage[]>;

  /** Forgets the days before. */
  forget(before: string): Promise<void>;
}
