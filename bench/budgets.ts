/** Promises as numbers. A bench says which it met; nothing else decides on time. */
export const BUDGETS = {
  /** In-thread cold start of a small function, instantiate and restore together, microseconds. */
  inThreadColdP50Us: 50,
  inThreadColdP99Us: 250,
  /** The same with a large heap, over the small function's, page faults not counted. */
  largeHeapRatio: 1.5,
  /** A call from a fresh image over one that reuses state, p50 of a small function, microseconds. */
  freshOverReusedUs: 10,
  /** Resident KiB of each live isolate of a 64 MiB image beyond the image that they share. */
  residentKib: 64,
  /** First answer after process start over a bare node:http server's. */
  startRatio: 2,
  /** Invocation p50 with 10,000 functions deployed over p50 with one, beyond what a second run of one differs. */
  manyRatio: 1.1,
  /** Requests a second of a small function from a fresh image, over workerd's with a new instance for each and with one reused. */
  freshOverWorkerdFresh: 5,
  freshOverWorkerdWarm: 2,
  /** The same, p50 at one connection beyond a bare node:http echo's, microseconds. */
  gatewayOverheadUs: 300,
  /** p99 of a quiet function among hostile ones: so many times its own alone, and a slice on top, microseconds. */
  hostileTimes: 2,
  hostileExtraUs: 1_000,
  /** Answers a second at ten times capacity over those at capacity; a refusal's p99, microseconds. */
  goodputShare: 0.9,
  refusalP99Us: 10_000,
  /** At 80% of capacity: how late the event loop is, p99, microseconds. */
  loopDelayP99Us: 20_000,
  /** Calls a second while a twentieth as many events or messages run beside them, over those alone. */
  callsBesideEvents: 0.9,
  /** Calls a second of a function that logs a line, kept, over those of one whose lines are not. */
  callsWithLines: 0.9,
  /** Resident memory late in a soak over what it was early. */
  soakGrowth: 1.1,
  /** Run time with fuel over run time without: geometric mean of the kernels, none counted below 1, and the worst kernel. */
  fuelGeomean: 1.12,
  fuelWorst: 1.6,
  /** Of a large module, MB of input a second. */
  rewritingMBps: 20,
  /** Bytes of the artifact over bytes of the module; compile time may grow no more than the code did. */
  codeGrowth: 1.5,
} as const;
