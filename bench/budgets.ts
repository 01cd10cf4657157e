/** Promises as numbers. A bench says which it met; nothing else decides on time. */
export const BUDGETS = {
  /** In-thread cold start of a small function, instantiate and restore together, microseconds. */
  inThreadColdP50Us: 100,
} as const;
