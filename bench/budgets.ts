/** Promises as numbers. A bench says which it met; nothing else decides on time. */
export const BUDGETS = {
  /** In-thread cold start of a small function, instantiate and restore together, microseconds. */
  inThreadColdP50Us: 100,
  /** Run time with fuel over run time without: geometric mean of the kernels, none counted below 1, and the worst kernel. */
  fuelGeomean: 1.12,
  fuelWorst: 1.6,
  /** Of a large module, MB of input a second. */
  rewritingMBps: 20,
  /** Bytes of the artifact over bytes of the module; compile time may grow no more than the code did. */
  codeGrowth: 1.5,
} as const;
